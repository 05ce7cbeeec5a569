// Session keys from a master key: the AES-CM pseudo-random function of RFC 3711 §4.3.
#include "gateway/native/core/srtp-keys.hpp"

#include <algorithm>

namespace causeway {
namespace {

constexpr size_t kHmacKeyBytes = 20;

// The labels of SRTP are 0 to 2 and those of SRTCP 3 to 5: encryption, authentication, salt.
constexpr uint8_t kRtpLabels = 0;
constexpr uint8_t kRtcpLabels = 3;

SessionKey deriveSessionKey(const SrtpProfile& profile, Bytes masterKey, Bytes masterSalt,
                            uint8_t labels) {
  const auto one = [&](uint8_t label, size_t length) {
    return derive(profile, masterKey, masterSalt, static_cast<uint8_t>(labels + label), length);
  };
  return SessionKey{
      .encryption = one(0, profile.keyBytes),
      .salt = one(2, profile.saltBytes),
      .authentication = one(1, profile.aead ? 0 : kHmacKeyBytes),
  };
}

}  // namespace

SessionKeys deriveSessionKeys(const SrtpProfile& profile, Bytes masterKey, Bytes masterSalt) {
  return SessionKeys{
      .rtp = deriveSessionKey(profile, masterKey, masterSalt, kRtpLabels),
      .rtcp = deriveSessionKey(profile, masterKey, masterSalt, kRtcpLabels),
  };
}

SecretBytes derive(const SrtpProfile& profile, Bytes masterKey, Bytes masterSalt, uint8_t label,
                   size_t length) {
  constexpr size_t kLabelOctet = 7;  // key_id is 56 bits, right-aligned to the 112 of the salt
  // A 96-bit AEAD salt is first multiplied by 2^16 (RFC 7714 §11), which leaves it where it is.
  std::array<uint8_t, 16> counter{};
  std::copy(masterSalt.begin(), masterSalt.end(), counter.begin());
  counter[kLabelOctet] ^= label;

  const CipherPtr cipher(EVP_CIPHER_fetch(nullptr, profile.keystreamName, nullptr));
  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  SecretBytes derived(length);
  int written = 0;
  requireCrypto(cipher && context &&
                    EVP_EncryptInit_ex2(context.get(), cipher.get(), masterKey.data(),
                                        counter.data(), nullptr) == 1 &&
                    EVP_EncryptUpdate(context.get(), derived.data(), &written, derived.data(),
                                      static_cast<int>(length)) == 1,
                "key derivation");
  return derived;
}

}  // namespace causeway
