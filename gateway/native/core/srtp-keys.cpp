// Session keys from a master key: the AES-CM pseudo-random function of RFC 3711 §4.3.
#include "gateway/native/core/srtp-keys.hpp"

#include <algorithm>

namespace causeway {

SecretBytes deriveSessionKey(const SrtpProfile& profile, Bytes masterKey, Bytes masterSalt,
                             KeyLabel label, size_t length) {
  constexpr size_t kLabelOctet = 7;  // key_id is 56 bits, right-aligned to the 112 of the salt
  // A 96-bit AEAD salt is multiplied by 2^16 first (RFC 7714 §11): that leaves it where it is here.
  std::array<uint8_t, 16> counter{};
  std::copy(masterSalt.begin(), masterSalt.end(), counter.begin());
  counter[kLabelOctet] ^= static_cast<uint8_t>(label);

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
