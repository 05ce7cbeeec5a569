// The ciphers of AES-CM with HMAC-SHA1, keyed anew for each packet: one for all keys of a thread.
#include "gateway/native/core/srtp-counter-mode-engine.hpp"

#include <algorithm>

namespace causeway {
namespace {

constexpr size_t kBlockBytes = 64;
constexpr uint8_t kInnerPad = 0x36;
constexpr uint8_t kOuterPad = 0x5c;

CipherContextPtr openCipher(const char* name) {
  CipherContextPtr context(EVP_CIPHER_CTX_new());
  const CipherPtr algorithm(EVP_CIPHER_fetch(nullptr, name, nullptr));
  requireCrypto(context && algorithm &&
                    EVP_EncryptInit_ex2(context.get(), algorithm.get(), nullptr, nullptr,
                                        nullptr) == 1,
                name);
  return context;
}

}  // namespace

CounterModeEngine::CounterModeEngine()
    : aes128_(openCipher("AES-128-CTR")),
      aes256_(openCipher("AES-256-CTR")),
      sha1_(EVP_MD_CTX_new()) {
  const DigestPtr algorithm(EVP_MD_fetch(nullptr, "SHA1", nullptr));
  requireCrypto(sha1_ && algorithm &&
                    EVP_DigestInit_ex2(sha1_.get(), algorithm.get(), nullptr) == 1,
                "SHA-1");
}

bool CounterModeEngine::crypt(Bytes key, const uint8_t (&counter)[kCounterBytes], uint8_t* octets,
                              int32_t length) {
  EVP_CIPHER_CTX* context = key.size() == 16 ? aes128_.get() : aes256_.get();
  int written = 0;
  return EVP_EncryptInit_ex2(context, nullptr, key.data(), counter, nullptr) == 1 &&
         EVP_EncryptUpdate(context, octets, &written, octets, length) == 1;
}

bool CounterModeEngine::sign(Bytes key, Bytes packet, Bytes tail, uint8_t (&tag)[kSha1Bytes]) {
  EVP_MD_CTX* context = sha1_.get();
  uint8_t inner[kSha1Bytes];
  return begin(key, kInnerPad) &&
         EVP_DigestUpdate(context, packet.data(), packet.size()) == 1 &&
         (tail.empty() || EVP_DigestUpdate(context, tail.data(), tail.size()) == 1) &&
         EVP_DigestFinal_ex(context, inner, nullptr) == 1 && begin(key, kOuterPad) &&
         EVP_DigestUpdate(context, inner, sizeof inner) == 1 &&
         EVP_DigestFinal_ex(context, tag, nullptr) == 1;
}

bool CounterModeEngine::begin(Bytes key, uint8_t pad) {
  uint8_t block[kBlockBytes];
  std::fill_n(block, kBlockBytes, pad);
  for (size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
  return EVP_DigestInit_ex2(sha1_.get(), nullptr, nullptr) == 1 &&
         EVP_DigestUpdate(sha1_.get(), block, sizeof block) == 1;
}

}  // namespace causeway
