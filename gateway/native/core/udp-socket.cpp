// One bound UDP socket, and the paths on it along which datagrams leave.
#include "gateway/native/core/udp-socket.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "transcoder/native/shared/failure.hpp"

namespace causeway {
namespace {

[[noreturn]] void failWith(int error, const char* step) {
  const std::string detail = std::string(step) + ": " + std::strerror(error);
  switch (error) {
    case EADDRINUSE:
      throw Failure("native.address_in_use", detail);
    case EADDRNOTAVAIL:
      throw Failure("native.address_not_available", detail);
    case EACCES:
    case EPERM:
      throw Failure("native.permission_denied", detail);
    case EMFILE:
    case ENFILE:
      throw Failure("native.no_descriptors", detail);
    default:
      throw Failure("native.system_failure", detail);
  }
}

void setOption(int descriptor, int level, int option, int value, const char* step) {
  if (setsockopt(descriptor, level, option, &value, sizeof value) != 0) failWith(errno, step);
}

// Where a privileged process may, it goes beyond the host's limit; else the kernel cuts the wish.
void setBuffer(int descriptor, int forced, int asked, int bytes) {
  if (bytes == 0) return;
  if (setsockopt(descriptor, SOL_SOCKET, forced, &bytes, sizeof bytes) == 0) return;
  setOption(descriptor, SOL_SOCKET, asked, bytes, "socket buffer");
}

// The local address of each datagram is needed only where the bound one does not tell it. ICMP
// errors are not asked for (no IP_RECVERR), and forged ones cannot shrink what we send: the path
// MTU they would teach is ignored and a large datagram is fragmented instead.
void configure(int descriptor, const UdpSocketOptions& options) {
  setBuffer(descriptor, SO_RCVBUFFORCE, SO_RCVBUF, options.receiveBufferBytes);
  setBuffer(descriptor, SO_SNDBUFFORCE, SO_SNDBUF, options.sendBufferBytes);
  if (options.address.family() == AF_INET6) {
    setOption(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1, "IPV6_V6ONLY");
    setOption(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT, "path MTU");
    setOption(descriptor, IPPROTO_IPV6, IPV6_TCLASS, options.trafficClass, "traffic class");
    if (options.address.isWildcard()) {
      setOption(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, "IPV6_RECVPKTINFO");
    }
  } else {
    setOption(descriptor, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT, "path MTU");
    setOption(descriptor, IPPROTO_IP, IP_TOS, options.trafficClass, "traffic class");
    if (options.address.isWildcard()) {
      setOption(descriptor, IPPROTO_IP, IP_PKTINFO, 1, "IP_PKTINFO");
    }
  }
}

}  // namespace

UdpSocket::UdpSocket(const UdpSocketOptions& options)
    : descriptor(socket(options.address.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
      wildcard(options.address.isWildcard()),
      bound(options.address),
      trafficClass(options.trafficClass) {
  if (descriptor < 0) failWith(errno, "socket");
  try {
    configure(descriptor, options);
    if (bind(descriptor, &options.address.any, options.address.length) != 0) {
      failWith(errno, "bind");
    }
    bound.length = sizeof bound.v6;
    if (getsockname(descriptor, &bound.any, &bound.length) != 0) failWith(errno, "getsockname");
  } catch (...) {
    ::close(descriptor);
    throw;
  }
}

UdpSocket::~UdpSocket() { ::close(descriptor); }

UdpPath::UdpPath(UdpSocket& on, const UdpPathOptions& options)
    : socket(on), remote(options.remote) {
  const int family = socket.bound.family();
  const UdpAddress* local = options.localAddress;
  if (remote.family() != family || (local != nullptr && local->family() != family)) {
    throw Failure("native.bad_address", "the path is of another family than its socket");
  }
  if (remote.port() == 0) throw Failure("native.bad_address", "a path needs a remote port");
  if (remote.isWildcard()) throw Failure("native.bad_address", "a path needs a remote address");
  const bool linkLocal = family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&remote.v6.sin6_addr);
  if (linkLocal && options.interfaceIndex != 0) remote.v6.sin6_scope_id = options.interfaceIndex;

  if (local != nullptr && socket.wildcard && !local->isWildcard()) {
    if (family == AF_INET6) {
      in6_pktinfo source{};
      source.ipi6_addr = local->v6.sin6_addr;
      source.ipi6_ifindex = linkLocal ? remote.v6.sin6_scope_id : 0;
      addControl(IPPROTO_IPV6, IPV6_PKTINFO, &source, sizeof source);
    } else {
      in_pktinfo source{};
      source.ipi_spec_dst = local->v4.sin_addr;
      addControl(IPPROTO_IP, IP_PKTINFO, &source, sizeof source);
    }
  }
  const int trafficClass = options.trafficClass;
  if (trafficClass >= 0 && trafficClass != socket.trafficClass) {
    const bool v6 = family == AF_INET6;
    addControl(v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_TCLASS : IP_TOS, &trafficClass,
               sizeof trafficClass);
  }
}

void UdpPath::addControl(int level, int type, const void* value, size_t bytes) {
  auto* message = reinterpret_cast<cmsghdr*>(control.data() + controlBytes);
  message->cmsg_level = level;
  message->cmsg_type = type;
  message->cmsg_len = CMSG_LEN(bytes);
  std::memcpy(CMSG_DATA(message), value, bytes);
  controlBytes += CMSG_SPACE(bytes);
}

msghdr UdpPath::header() noexcept {
  msghdr header{};
  header.msg_name = &remote.any;
  header.msg_namelen = remote.length;
  header.msg_control = controlBytes > 0 ? control.data() : nullptr;
  header.msg_controllen = controlBytes;
  return header;
}

}  // namespace causeway
