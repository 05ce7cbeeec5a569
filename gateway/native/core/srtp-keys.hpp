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

// What packets of one kind are encrypted, salted and, but for AEAD, signed with.
struct SessionKey {
  SecretBytes encryption;
  SecretBytes salt;
  SecretBytes authentication;
};

struct SessionKeys {
  SessionKey rtp;
  SessionKey rtcp;
};

// All of them, with a key derivation rate of zero: once for the life of the master key.
SessionKeys deriveSessionKeys(const SrtpProfile& profile, Bytes masterKey, Bytes masterSalt);

// `length` octets of the pseudo-random function for one of the labels of RFC 3711 §4.3.1.
SecretBytes derive(const SrtpProfile& profile, Bytes masterKey, Bytes masterSalt, uint8_t label,
                   size_t length);

}  // namespace causeway
