// Reads many sockets into the arena's receive slots, a batch at a time, fairly between sockets.
#pragma once

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "gateway/native/core/arena.hpp"
#include "gateway/native/core/udp-socket.hpp"
#include "transcoder/native/shared/handle-table.hpp"

namespace causeway {

// The layout of contract.ts; a test compares the two.
constexpr int32_t kDatagramWords = 16;
constexpr int32_t kWordSocket = 0;
constexpr int32_t kWordOffset = 1;
constexpr int32_t kWordLength = 2;
constexpr int32_t kWordFlags = 3;
constexpr int32_t kWordFamily = 4;
constexpr int32_t kWordRemotePort = 5;
constexpr int32_t kWordRemoteAddress = 6;
constexpr int32_t kWordLocalAddress = 10;
constexpr int32_t kWordTimeMicros = 14;
constexpr int32_t kWordInterface = 15;
constexpr int32_t kFlagTruncated = 1;

struct ReceiveCounters {
  uint64_t datagrams = 0;
  uint64_t bytes = 0;
  uint64_t batches = 0;
  uint64_t truncated = 0;
  uint64_t overflows = 0;
  uint64_t icmpErrors = 0;
};

class UdpReceiver {
 public:
  explicit UdpReceiver(const Arena& arena);
  ~UdpReceiver();
  UdpReceiver(const UdpReceiver&) = delete;
  UdpReceiver& operator=(const UdpReceiver&) = delete;

  // Readable whenever one of the watched sockets is.
  int descriptor() const noexcept { return epoll_; }
  void watch(const UdpSocket& socket);
  void forget(const UdpSocket& socket);

  // Fills the receive slots from the first on, describes each datagram in `table`, and gives how
  // many there are; kReceiveSlots means that there may be more.
  int32_t read(const HandleTable<UdpSocket>& sockets, int32_t* table);

  // Asks the kernel what it has dropped at this socket's full buffer.
  void countOverflows(UdpSocket& socket) noexcept;

  const ReceiveCounters& counters() const noexcept { return counters_; }

 private:
  static constexpr int32_t kMostReady = 64;
  // What one socket may take of a batch before the next ready one has its turn.
  static constexpr int32_t kMostOfOneSocket = 32;
  static constexpr size_t kControlBytes = 96;

  bool refill() noexcept;
  void fetchAhead(const HandleTable<UdpSocket>& sockets) const noexcept;
  int32_t readSocket(UdpSocket& socket, int32_t filled, int32_t* table);
  int32_t readOne(UdpSocket& socket, int32_t slot, int32_t* words);
  int32_t readSeveral(UdpSocket& socket, int32_t slot, int32_t room, int32_t* words);
  int32_t countError(int error) noexcept;
  void describe(UdpSocket& socket, int32_t slot, uint32_t length, bool truncated,
                int32_t* words);
  static void readLocalAddress(msghdr& header, int32_t* words);
  void rearm(int32_t slot) noexcept;

  int epoll_;
  int32_t readyCount_ = 0;
  int32_t readyNext_ = 0;
  bool moreLikely_ = false;
  int32_t readyMicros_ = 0;
  uint64_t batch_ = 0;
  ReceiveCounters counters_;
  std::array<epoll_event, kMostReady> ready_{};
  std::array<mmsghdr, kReceiveSlots> headers_{};
  std::array<iovec, kReceiveSlots> vectors_{};
  std::array<UdpAddress, kReceiveSlots> remotes_{};
  struct alignas(cmsghdr) Control {
    std::array<std::byte, kControlBytes> octets;
  };
  std::array<Control, kReceiveSlots> controls_{};
};

}  // namespace causeway
