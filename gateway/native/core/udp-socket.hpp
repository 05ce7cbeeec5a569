// One bound UDP socket, and the paths on it along which datagrams leave.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "gateway/native/core/udp-address.hpp"

namespace causeway {

struct UdpSocketOptions {
  UdpAddress address;
  int receiveBufferBytes = 0;  // 0 keeps the kernel's default
  int sendBufferBytes = 0;
  int trafficClass = 0;
};

struct QueuedDatagram {
  struct UdpPath* path;
  uint8_t* bytes;
  uint32_t length;
  int32_t next;  // in the same socket's queue, or -1
};

// Between two datagrams of a call, 20 ms apart, its socket and path have left the cache. What most
// datagrams need of them lies in the first cache line of each.
constexpr size_t kCacheLineBytes = 64;

struct alignas(kCacheLineBytes) UdpSocket {
  explicit UdpSocket(const UdpSocketOptions& options);
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  int descriptor;
  int32_t handle = 0;
  int32_t queueHead = -1;
  int32_t queueTail = -1;
  uint64_t received = 0;
  uint64_t sent = 0;
  uint64_t lastBatch = 0;  // in which the receiver read it
  bool wildcard;           // so that the local address of each datagram has to be asked for
  bool bursts = false;     // whether several datagrams at a time are to be expected
  uint32_t drops = 0;      // as the kernel counts them, modulo 2^32
  uint64_t overflows = 0;
  UdpAddress bound;
  int trafficClass;
  std::vector<int32_t> paths;
};

struct UdpPathOptions {
  const UdpAddress* localAddress;  // null leaves the source to the kernel
  UdpAddress remote;
  int trafficClass = -1;  // -1 keeps the socket's
  uint32_t interfaceIndex = 0;
};

// A destination with all that a system call needs worked out once: the peer's address, the source
// to pin, the traffic class.
struct alignas(kCacheLineBytes) UdpPath {
  UdpPath(UdpSocket& socket, const UdpPathOptions& options);

  msghdr header() noexcept;

  UdpSocket& socket;
  UdpAddress remote;
  size_t controlBytes = 0;
  alignas(cmsghdr) std::array<std::byte, 80> control{};

 private:
  void addControl(int level, int type, const void* value, size_t bytes);
};

}  // namespace causeway
