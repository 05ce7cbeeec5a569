// The queue of datagrams to send: grouped by socket, so that one system call carries many.
#include "gateway/native/core/udp-sender.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace causeway {

void UdpSender::queue(UdpPath& path, int32_t offset, int32_t length) {
  uint8_t* bytes = arena_.at(offset, length);
  if (length == 0) throw Failure("native.out_of_range", "an empty datagram");
  if (queued_ == kQueueLength) {
    ++counters_.queueFull;
    flush();
  }
  __builtin_prefetch(&path);
  entries_[static_cast<size_t>(queued_++)] =
      QueuedDatagram{&path, bytes, static_cast<uint32_t>(length), -1};
  const int32_t slot = offset / kSlotBytes - kReceiveSlots;
  if (slot >= 0 && slot < kTransmitSlots) slotQueued_.set(static_cast<size_t>(slot));
}

// What each datagram needs is fetched for all of them before it is needed for the first.
void UdpSender::groupBySocket() noexcept {
  for (int32_t entry = 0; entry < queued_; ++entry) {
    __builtin_prefetch(&entries_[static_cast<size_t>(entry)].path->socket, 1);
  }
  for (int32_t entry = 0; entry < queued_; ++entry) {
    UdpSocket& socket = entries_[static_cast<size_t>(entry)].path->socket;
    if (socket.queueTail < 0) {
      socket.queueHead = entry;
      pending_[static_cast<size_t>(pendingCount_++)] = &socket;
    } else {
      entries_[static_cast<size_t>(socket.queueTail)].next = entry;
    }
    socket.queueTail = entry;
  }
}

int32_t UdpSender::flush() {
  if (queued_ == 0) return 0;
  groupBySocket();
  int32_t sent = 0;
  for (int32_t i = 0; i < pendingCount_; ++i) {
    sent += flushSocket(*pending_[static_cast<size_t>(i)]);
  }
  queued_ = 0;
  pendingCount_ = 0;
  slotQueued_.reset();
  ++counters_.flushes;
  return sent;
}

int32_t UdpSender::allocate() {
  const int32_t slot = nextSlot_;
  nextSlot_ = (nextSlot_ + 1) % kTransmitSlots;
  if (slotQueued_.test(static_cast<size_t>(slot))) {
    ++counters_.queueFull;
    flush();
  }
  return (kReceiveSlots + slot) * kSlotBytes + kHeadroomBytes;
}

int32_t UdpSender::flushSocket(UdpSocket& socket) {
  if (socket.queueHead == socket.queueTail) return flushSingle(socket);
  int32_t count = 0;
  for (int32_t entry = socket.queueHead; entry >= 0; ++count) {
    const QueuedDatagram& datagram = entries_[static_cast<size_t>(entry)];
    const auto i = static_cast<size_t>(count);
    vectors_[i] = iovec{datagram.bytes, datagram.length};
    headers_[i].msg_hdr = datagram.path->header();
    headers_[i].msg_hdr.msg_iov = &vectors_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    entry = datagram.next;
  }
  socket.queueHead = socket.queueTail = -1;
  const int32_t sent = transmit(socket, count);
  socket.sent += static_cast<uint64_t>(sent);
  counters_.datagrams += static_cast<uint64_t>(sent);
  return sent;
}

// A call's own port has one datagram at a time, and sendto costs the kernel less than sendmmsg. By
// syscall(), as in the receiver.
int32_t UdpSender::flushSingle(UdpSocket& socket) {
  const QueuedDatagram& datagram = entries_[static_cast<size_t>(socket.queueHead)];
  socket.queueHead = socket.queueTail = -1;
  const msghdr header = datagram.path->header();
  ssize_t sent = 0;
  do {
    sent = header.msg_control == nullptr
               ? syscall(SYS_sendto, socket.descriptor, datagram.bytes,
                         size_t{datagram.length}, MSG_NOSIGNAL, header.msg_name, header.msg_namelen)
               : sendWithControl(socket.descriptor, header, datagram);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) {
    countFailure(errno, 1);
    return 0;
  }
  counters_.bytes += static_cast<uint64_t>(sent);
  ++socket.sent;
  ++counters_.datagrams;
  return 1;
}

ssize_t UdpSender::sendWithControl(int descriptor, msghdr header, const QueuedDatagram& datagram) {
  iovec vector{datagram.bytes, datagram.length};
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  return sendmsg(descriptor, &header, MSG_NOSIGNAL);
}

// An error belongs to the first datagram of a call; those behind it may go elsewhere and are
// tried on their own, unless the socket itself is full.
int32_t UdpSender::transmit(UdpSocket& socket, int32_t count) {
  int32_t sent = 0;
  for (int32_t done = 0; done < count;) {
    mmsghdr* headers = &headers_[static_cast<size_t>(done)];
    const int taken =
        sendmmsg(socket.descriptor, headers, static_cast<unsigned>(count - done), MSG_NOSIGNAL);
    if (taken > 0) {
      for (int i = 0; i < taken; ++i) counters_.bytes += headers[i].msg_len;
      sent += taken;
      done += taken;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      countFailure(errno, count - done);
      break;
    } else if (errno != EINTR) {
      countFailure(errno, 1);
      ++done;
    }
  }
  return sent;
}

void UdpSender::countFailure(int error, int32_t lost) noexcept {
  const auto more = static_cast<uint64_t>(lost);
  if (error == EAGAIN || error == EWOULDBLOCK) {
    counters_.wouldBlock += more;
  } else if (error == ENOBUFS) {
    counters_.noBuffers += more;
  } else {
    counters_.errors += more;
  }
}

}  // namespace causeway
