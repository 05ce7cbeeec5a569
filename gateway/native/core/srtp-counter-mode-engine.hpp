// The ciphers of AES-CM with HMAC-SHA1, keyed anew for each packet: one for all keys of a thread.
#pragma once

#include "gateway/native/core/openssl.hpp"
#include "gateway/native/core/srtp-keys.hpp"

namespace causeway {

constexpr size_t kSha1Bytes = 20;

// A call's key is used 50 times a second, and what OpenSSL keeps of it (some kilobytes in a dozen
// places) has left the cache by then: to fetch that costs more than to work it out anew from the
// key alone. So this is kept once, and is always warm. Not to be shared between threads.
class CounterModeEngine {
 public:
  static constexpr size_t kCounterBytes = 16;

  CounterModeEngine();

  // Exclusive-ors the keystream that begins at `counter` onto `length` octets. The key has 16 or
  // 32 octets.
  bool crypt(Bytes key, const uint8_t (&counter)[kCounterBytes], uint8_t* octets, int32_t length);

  // HMAC (RFC 2104) over `packet` and, behind it, `tail`. The key has at most 64 octets.
  bool sign(Bytes key, Bytes packet, Bytes tail, uint8_t (&tag)[kSha1Bytes]);

 private:
  bool begin(Bytes key, uint8_t pad);

  CipherContextPtr aes128_;
  CipherContextPtr aes256_;
  DigestContextPtr sha1_;
};

}  // namespace causeway
