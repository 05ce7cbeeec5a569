// Socket addresses: literals parsed, and words as the receive table holds them.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>

namespace causeway {

struct UdpAddress {
  union {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
  };
  socklen_t length;

  int family() const noexcept { return any.sa_family; }
  uint16_t port() const noexcept;
  bool isWildcard() const noexcept;
};

// A literal address only: names are resolved elsewhere. Throws native.bad_address.
UdpAddress parseUdpAddress(const std::string& literal, uint16_t port);

// Four words, most significant first; IPv4 fills the first. They are read back as unsigned.
void writeAddressWords(int32_t* words, const in_addr& address) noexcept;
void writeAddressWords(int32_t* words, const in6_addr& address) noexcept;

}  // namespace causeway
