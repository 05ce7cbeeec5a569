// Socket addresses: literals parsed, and words as the receive table holds them.
#include "gateway/native/core/udp-address.hpp"

#include <netdb.h>

#include <cstring>

#include "transcoder/native/shared/failure.hpp"

namespace causeway {

uint16_t UdpAddress::port() const noexcept {
  return ntohs(family() == AF_INET6 ? v6.sin6_port : v4.sin_port);
}

bool UdpAddress::isWildcard() const noexcept {
  if (family() == AF_INET6) return IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
  return v4.sin_addr.s_addr == htonl(INADDR_ANY);
}

UdpAddress parseUdpAddress(const std::string& literal, uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  UdpAddress address{};
  if (literal.empty() || getaddrinfo(literal.c_str(), nullptr, &hints, &found) != 0) {
    throw Failure("native.bad_address", "not a literal IPv4 or IPv6 address: " + literal);
  }
  address.length = found->ai_addrlen;
  std::memcpy(&address.any, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  (address.family() == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port) = htons(port);
  return address;
}

void writeAddressWords(int32_t* words, const in_addr& address) noexcept {
  words[0] = static_cast<int32_t>(ntohl(address.s_addr));
  words[1] = words[2] = words[3] = 0;
}

void writeAddressWords(int32_t* words, const in6_addr& address) noexcept {
  for (int i = 0; i < 4; ++i) {
    uint32_t word;
    std::memcpy(&word, address.s6_addr + 4 * i, sizeof word);
    words[i] = static_cast<int32_t>(ntohl(word));
  }
}

}  // namespace causeway
