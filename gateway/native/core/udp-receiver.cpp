// Reads many sockets into the arena's receive slots, a batch at a time, fairly between sockets.
#include "gateway/native/core/udp-receiver.hpp"

#include <linux/sock_diag.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace causeway {
namespace {

int32_t monotonicMicros() noexcept {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const auto micros = static_cast<uint64_t>(now.tv_sec) * 1000000 +
                      static_cast<uint64_t>(now.tv_nsec) / 1000;
  return static_cast<int32_t>(static_cast<uint32_t>(micros));
}

}  // namespace

UdpReceiver::UdpReceiver(const Arena& arena) : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw Failure("native.no_descriptors", std::strerror(errno));
  for (int32_t slot = 0; slot < kReceiveSlots; ++slot) {
    const auto i = static_cast<size_t>(slot);
    vectors_[i].iov_base = arena.at(slot * kSlotBytes + kHeadroomBytes, kMaxDatagramBytes);
    vectors_[i].iov_len = kMaxDatagramBytes;
    msghdr& header = headers_[i].msg_hdr;
    header.msg_iov = &vectors_[i];
    header.msg_iovlen = 1;
    header.msg_name = &remotes_[i].any;
    header.msg_control = controls_[i].octets.data();
    rearm(slot);
  }
}

UdpReceiver::~UdpReceiver() { ::close(epoll_); }

void UdpReceiver::watch(const UdpSocket& socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = static_cast<uint64_t>(socket.handle);
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket.descriptor, &event) != 0) {
    throw Failure("native.system_failure", std::strerror(errno));
  }
}

void UdpReceiver::forget(const UdpSocket& socket) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, socket.descriptor, nullptr);
}

// What is known of a socket has left the cache since it was last read: all of them are fetched at
// once, while the kernel hands over the first.
void UdpReceiver::fetchAhead(const HandleTable<UdpSocket>& sockets) const noexcept {
  for (int32_t i = readyNext_; i < readyCount_; ++i) {
    const auto handle = static_cast<int32_t>(ready_[static_cast<size_t>(i)].data.u64);
    const UdpSocket* socket = sockets.find(handle);
    if (socket == nullptr) continue;
    __builtin_prefetch(socket);
    __builtin_prefetch(reinterpret_cast<const uint8_t*>(socket) + kCacheLineBytes);
  }
}

// The list of ready sockets is kept between batches, so that each on it has its turn before any
// is asked about again. A socket closed meanwhile no longer answers to its handle.
int32_t UdpReceiver::read(const HandleTable<UdpSocket>& sockets, int32_t* table) {
  int32_t filled = 0;
  ++batch_;
  moreLikely_ = true;
  if (readyNext_ < readyCount_) readyMicros_ = monotonicMicros();
  while (filled < kReceiveSlots) {
    if (readyNext_ == readyCount_) {
      if (!moreLikely_ || !refill()) break;
      fetchAhead(sockets);
    }
    const auto handle = static_cast<int32_t>(ready_[static_cast<size_t>(readyNext_++)].data.u64);
    UdpSocket* socket = sockets.find(handle);
    if (socket != nullptr) filled += readSocket(*socket, filled, table);
  }
  counters_.datagrams += static_cast<uint64_t>(filled);
  if (filled > 0) ++counters_.batches;
  return filled;
}

// Asking again is worth a system call only if this answer is cut short or a socket may not be
// drained.
bool UdpReceiver::refill() noexcept {
  readyNext_ = 0;
  readyCount_ = std::max(0, epoll_wait(epoll_, ready_.data(), kMostReady, 0));
  readyMicros_ = monotonicMicros();
  moreLikely_ = readyCount_ == kMostReady;
  return readyCount_ > 0;
}

int32_t UdpReceiver::readSocket(UdpSocket& socket, int32_t filled, int32_t* table) {
  if (socket.lastBatch == batch_) socket.bursts = true;
  socket.lastBatch = batch_;
  int32_t* words = table + filled * kDatagramWords;
  if (!socket.bursts && !socket.wildcard) return readOne(socket, filled, words);
  const int32_t room = socket.bursts ? std::min(kReceiveSlots - filled, kMostOfOneSocket) : 1;
  return readSeveral(socket, filled, room, words);
}

// recvmmsg tries once more than there are datagrams. Where one at a time comes, as on the socket
// of a single stream, that try costs a fifth of the reading; asking epoll again costs less. By
// syscall(), since recvfrom() of glibc arms and disarms cancellation around each call.
int32_t UdpReceiver::readOne(UdpSocket& socket, int32_t slot, int32_t* words) {
  const auto i = static_cast<size_t>(slot);
  socklen_t remoteLength = sizeof(sockaddr_in6);
  // With MSG_TRUNC it gives the datagram's whole length, whatever of it fits.
  const ssize_t whole = syscall(SYS_recvfrom, socket.descriptor, vectors_[i].iov_base,
                                size_t{kMaxDatagramBytes}, MSG_TRUNC, &remotes_[i].any, &remoteLength);
  if (whole < 0) return countError(errno);
  moreLikely_ = true;
  const ssize_t length = std::min<ssize_t>(whole, kMaxDatagramBytes);
  describe(socket, slot, static_cast<uint32_t>(length), whole > length, words);
  return 1;
}

int32_t UdpReceiver::readSeveral(UdpSocket& socket, int32_t slot, int32_t room, int32_t* words) {
  mmsghdr* headers = &headers_[static_cast<size_t>(slot)];
  const int count = recvmmsg(socket.descriptor, headers, static_cast<unsigned>(room), 0, nullptr);
  if (count < 0) return countError(errno);
  if (count == room) moreLikely_ = true;
  if (count == 1 && room > 1) socket.bursts = false;
  for (int i = 0; i < count; ++i, words += kDatagramWords) {
    msghdr& header = headers[i].msg_hdr;
    describe(socket, slot + i, headers[i].msg_len, (header.msg_flags & MSG_TRUNC) != 0, words);
    if (header.msg_controllen > 0) readLocalAddress(header, words);
    rearm(slot + i);
  }
  return count;
}

// An ICMP error is handed over in place of a datagram, and is consumed by that.
int32_t UdpReceiver::countError(int error) noexcept {
  if (error != EAGAIN && error != EWOULDBLOCK && error != EINTR) ++counters_.icmpErrors;
  return 0;
}

void UdpReceiver::describe(UdpSocket& socket, int32_t slot, uint32_t length, bool truncated,
                           int32_t* words) {
  const UdpAddress& remote = remotes_[static_cast<size_t>(slot)];
  ++socket.received;
  counters_.bytes += length;
  if (truncated) ++counters_.truncated;
  words[kWordSocket] = socket.handle;
  words[kWordOffset] = slot * kSlotBytes + kHeadroomBytes;
  words[kWordLength] = static_cast<int32_t>(length);
  words[kWordFlags] = truncated ? kFlagTruncated : 0;
  words[kWordRemotePort] = remote.port();
  words[kWordTimeMicros] = readyMicros_;
  words[kWordInterface] = 0;
  if (remote.family() == AF_INET6) {
    words[kWordFamily] = 6;
    writeAddressWords(words + kWordRemoteAddress, remote.v6.sin6_addr);
    writeAddressWords(words + kWordLocalAddress, socket.bound.v6.sin6_addr);
    words[kWordInterface] = static_cast<int32_t>(remote.v6.sin6_scope_id);
  } else {
    words[kWordFamily] = 4;
    writeAddressWords(words + kWordRemoteAddress, remote.v4.sin_addr);
    writeAddressWords(words + kWordLocalAddress, socket.bound.v4.sin_addr);
  }
}

void UdpReceiver::readLocalAddress(msghdr& header, int32_t* words) {
  for (cmsghdr* message = CMSG_FIRSTHDR(&header); message != nullptr;
       message = CMSG_NXTHDR(&header, message)) {
    const unsigned char* value = CMSG_DATA(message);
    if (message->cmsg_level == IPPROTO_IP && message->cmsg_type == IP_PKTINFO) {
      in_pktinfo arrival;
      std::memcpy(&arrival, value, sizeof arrival);
      writeAddressWords(words + kWordLocalAddress, arrival.ipi_addr);
    } else if (message->cmsg_level == IPPROTO_IPV6 && message->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo arrival;
      std::memcpy(&arrival, value, sizeof arrival);
      writeAddressWords(words + kWordLocalAddress, arrival.ipi6_addr);
    }
  }
}

// The kernel's count wraps at 32 bits and never shrinks.
void UdpReceiver::countOverflows(UdpSocket& socket) noexcept {
  std::array<uint32_t, SK_MEMINFO_VARS> memory{};
  socklen_t bytes = sizeof memory;
  if (getsockopt(socket.descriptor, SOL_SOCKET, SO_MEMINFO, memory.data(), &bytes) != 0) return;
  const uint32_t more = memory[SK_MEMINFO_DROPS] - socket.drops;
  socket.drops += more;
  socket.overflows += more;
  counters_.overflows += more;
}

// The kernel shrinks these to what it wrote.
void UdpReceiver::rearm(int32_t slot) noexcept {
  msghdr& header = headers_[static_cast<size_t>(slot)].msg_hdr;
  header.msg_namelen = sizeof(sockaddr_in6);
  header.msg_controllen = kControlBytes;
  header.msg_flags = 0;
}

}  // namespace causeway
