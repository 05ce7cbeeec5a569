// Batched UDP: the sockets, their paths, and who closes whom.
#pragma once

#include <cstdint>
#include <memory>

#include "gateway/native/core/arena.hpp"
#include "gateway/native/core/udp-receiver.hpp"
#include "gateway/native/core/udp-sender.hpp"
#include "gateway/native/core/udp-socket.hpp"
#include "transcoder/native/shared/handle-table.hpp"

namespace causeway {

class PacketIo {
 public:
  PacketIo()
      : arena_(std::make_shared<Arena>(kReceiveSlots + kTransmitSlots)),
        receiver_(*arena_),
        sender_(*arena_) {}

  const std::shared_ptr<Arena>& arena() const noexcept { return arena_; }
  int descriptor() const noexcept { return receiver_.descriptor(); }

  const UdpSocket& openSocket(const UdpSocketOptions& options);
  void closeSocket(int32_t handle);
  int32_t openPath(int32_t socket, const UdpPathOptions& options);
  void closePath(int32_t handle);
  // Closes every socket and path.
  void close();

  void send(int32_t path, int32_t offset, int32_t length) {
    sender_.queue(paths_.get(path), offset, length);
  }
  int32_t flush() { return sender_.flush(); }
  int32_t allocateTransmit() { return sender_.allocate(); }
  int32_t read(int32_t* table) { return receiver_.read(sockets_, table); }

  // A socket with its overflows counted up to now.
  const UdpSocket& counted(int32_t handle);
  // With the overflows of all sockets counted up to now.
  const ReceiveCounters& received() noexcept;
  const SendCounters& sent() const noexcept { return sender_.counters(); }

 private:
  static constexpr uint32_t kMaxSockets = 65536;

  std::shared_ptr<Arena> arena_;
  UdpReceiver receiver_;
  UdpSender sender_;
  HandleTable<UdpSocket> sockets_{kMaxSockets};
  HandleTable<UdpPath> paths_{HandleTable<UdpPath>::kMaxPlaces};
};

}  // namespace causeway
