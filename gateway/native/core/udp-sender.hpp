// The queue of datagrams to send: grouped by socket, so that one system call carries many.
#pragma once

#include <sys/socket.h>

#include <array>
#include <bitset>
#include <cstdint>

#include "gateway/native/core/arena.hpp"
#include "gateway/native/core/udp-socket.hpp"

namespace causeway {

struct SendCounters {
  uint64_t datagrams = 0;
  uint64_t bytes = 0;
  uint64_t flushes = 0;
  uint64_t wouldBlock = 0;
  uint64_t noBuffers = 0;
  uint64_t errors = 0;
  uint64_t queueFull = 0;
};

class UdpSender {
 public:
  explicit UdpSender(const Arena& arena) : arena_(arena) {}

  // Queues `length` octets at `offset`; a full queue is flushed first. Throws native.out_of_range.
  void queue(UdpPath& path, int32_t offset, int32_t length);
  // Sends everything in the order it was queued on each socket; what the kernel does not take now
  // is counted and dropped, since media that waits is worse than media that is lost.
  int32_t flush();
  // The next transmit slot's offset, headroom included, after a flush if it is still queued.
  int32_t allocate();

  const SendCounters& counters() const noexcept { return counters_; }

 private:
  static constexpr int32_t kQueueLength = kTransmitSlots;

  void groupBySocket() noexcept;
  int32_t flushSocket(UdpSocket& socket);
  int32_t flushSingle(UdpSocket& socket);
  static ssize_t sendWithControl(int descriptor, msghdr header, const QueuedDatagram& datagram);
  int32_t transmit(UdpSocket& socket, int32_t count);
  void countFailure(int error, int32_t lost) noexcept;

  const Arena& arena_;
  SendCounters counters_;
  int32_t queued_ = 0;
  int32_t pendingCount_ = 0;
  int32_t nextSlot_ = 0;
  std::bitset<kTransmitSlots> slotQueued_;
  std::array<QueuedDatagram, kQueueLength> entries_{};
  std::array<UdpSocket*, kQueueLength> pending_{};
  std::array<mmsghdr, kQueueLength> headers_{};
  std::array<iovec, kQueueLength> vectors_{};
};

}  // namespace causeway
