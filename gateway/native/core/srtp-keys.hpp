// Session keys from a master key: the AES-CM pseudo-random function of RFC 3711 §4.3.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gateway/native/core/openssl.hpp"
#include "gateway/native/core/srtp-profile.hpp"

namespace causeway {

using Bytes = std::span<const uint8_t>;

// Octets that are wiped before their memory is given back.
class SecretBytes {
 public:
  explicit SecretBytes(size_t length) : octets_(length) {}
  SecretBytes(SecretBytes&&) = default;
  ~SecretBytes() { OPENSSL_cleanse(octets_.data(), octets_.size()); }
  uint8_t* data() noexcept { return octets_.data(); }
  const uint8_t* data() const noexcept { return octets_.data(); }
  size_t size() const noexcept { return octets_.size(); }

 private:
  std::vector<uint8_t> octets_;
};

// The labels of RFC 3711 §4.3.1 and §4.3.2.
enum class KeyLabel : uint8_t {
  rtpEncryption = 0,
  rtpAuthentication = 1,
  rtpSalt = 2,
  rtcpEncryption = 3,
  rtcpAuthentication = 4,
  rtcpSalt = 5,
};

// `length` octets derived for `label` with a key derivation rate of zero.
SecretBytes deriveSessionKey(const SrtpProfile& profile, Bytes masterKey, Bytes masterSalt,
                             KeyLabel label, size_t length);

}  // namespace causeway
