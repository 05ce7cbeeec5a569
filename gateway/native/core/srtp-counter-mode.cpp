// AES in counter mode with HMAC-SHA1 (RFC 3711 §4.1.1 and §4.2.1, RFC 6188 for 256 bits).
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <algorithm>

#include "gateway/native/core/srtp-transform.hpp"

namespace causeway {
namespace {

constexpr size_t kHmacBytes = 20;
constexpr size_t kSessionSaltBytes = 14;

// One session key, its salt and its authentication key; keyed once, then only the IV changes.
class CounterModeKey {
 public:
  CounterModeKey(const SrtpProfile& profile, SessionKey key)
      : salt_(std::move(key.salt)), cipher_(EVP_CIPHER_CTX_new()) {
    const CipherPtr algorithm(EVP_CIPHER_fetch(nullptr, profile.cipherName, nullptr));
    requireCrypto(algorithm && cipher_ &&
                      EVP_EncryptInit_ex2(cipher_.get(), algorithm.get(), key.encryption.data(),
                                          nullptr, nullptr) == 1,
                  "AES-CTR");
    const MacPtr hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    mac_.reset(hmac ? EVP_MAC_CTX_new(hmac.get()) : nullptr);
    char digest[] = "SHA1";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    requireCrypto(mac_ && EVP_MAC_init(mac_.get(), key.authentication.data(),
                                       key.authentication.size(), parameters) == 1,
                  "HMAC-SHA1");
  }

  // Exclusive-ors the keystream of (SSRC, index) onto `length` octets.
  bool crypt(uint8_t* octets, int32_t length, uint32_t ssrc, uint64_t index) {
    uint8_t counter[16];
    std::copy_n(salt_.data(), kSessionSaltBytes, counter);
    counter[14] = counter[15] = 0;
    write32(counter + 4, read32(counter + 4) ^ ssrc);
    write32(counter + 8, read32(counter + 8) ^ static_cast<uint32_t>(index >> 16));
    counter[12] ^= static_cast<uint8_t>(index >> 8);
    counter[13] ^= static_cast<uint8_t>(index);
    int written = 0;
    return EVP_EncryptInit_ex2(cipher_.get(), nullptr, nullptr, counter, nullptr) == 1 &&
           EVP_EncryptUpdate(cipher_.get(), octets, &written, octets, length) == 1;
  }

  // Without a key, EVP_MAC_init begins again with the one it has: no allocation, no key schedule.
  bool sign(Bytes packet, Bytes tail, uint8_t (&tag)[kHmacBytes]) {
    size_t written = 0;
    return EVP_MAC_init(mac_.get(), nullptr, 0, nullptr) == 1 &&
           EVP_MAC_update(mac_.get(), packet.data(), packet.size()) == 1 &&
           (tail.empty() || EVP_MAC_update(mac_.get(), tail.data(), tail.size()) == 1) &&
           EVP_MAC_final(mac_.get(), tag, &written, sizeof tag) == 1;
  }

 private:
  SecretBytes salt_;
  CipherContextPtr cipher_;
  MacContextPtr mac_;
};

// Packet | index word (SRTCP) | MKI | tag. The MKI is not signed (RFC 3711 §3.1).
class CounterModeTransform final : public SrtpTransform {
 public:
  CounterModeTransform(const SrtpProfile& profile, SessionKeys keys, Bytes mki)
      : rtp_(profile, std::move(keys.rtp)),
        rtcp_(profile, std::move(keys.rtcp)),
        mki_(mki.begin(), mki.end()),
        rtpTag_(static_cast<int32_t>(profile.rtpTagBytes)),
        rtcpTag_(static_cast<int32_t>(profile.rtcpTagBytes)) {}

  int32_t sealRtp(uint8_t* packet, int32_t header, int32_t length, uint32_t ssrc,
                  uint64_t index) override {
    if (!rtp_.crypt(packet + header, length - header, ssrc, index)) return kRefused;
    return appendTag(rtp_, packet, length, rolloverOf(index), rtpTag_);
  }

  int32_t openRtp(uint8_t* packet, int32_t header, int32_t length, uint32_t ssrc,
                  uint64_t index) override {
    const int32_t plain = length - rtpOverhead();
    if (!verifyTag(rtp_, packet, plain, rolloverOf(index), rtpTag_)) return kRefused;
    return rtp_.crypt(packet + header, plain - header, ssrc, index) ? plain : kRefused;
  }

  int32_t sealRtcp(uint8_t* packet, int32_t length, uint32_t ssrc, uint32_t index) override {
    if (!rtcp_.crypt(packet + kRtcpHeaderBytes, length - kRtcpHeaderBytes, ssrc, index)) {
      return kRefused;
    }
    write32(packet + length, kRtcpEncryptedFlag | index);
    return appendTag(rtcp_, packet, length + kRtcpIndexBytes, {}, rtcpTag_);
  }

  int32_t openRtcp(uint8_t* packet, int32_t length, uint32_t ssrc, uint32_t index) override {
    const int32_t plain = length - rtcpOverhead();
    if (!verifyTag(rtcp_, packet, plain + kRtcpIndexBytes, {}, rtcpTag_)) return kRefused;
    const int32_t body = plain - kRtcpHeaderBytes;
    return rtcp_.crypt(packet + kRtcpHeaderBytes, body, ssrc, index) ? plain : kRefused;
  }

  int32_t rtpOverhead() const noexcept override { return mkiBytes() + rtpTag_; }
  int32_t rtcpOverhead() const noexcept override { return kRtcpIndexBytes + mkiBytes() + rtcpTag_; }
  int32_t rtcpIndexOffset(int32_t length) const noexcept override {
    return length - rtcpOverhead();
  }

 private:
  struct Rollover {
    uint8_t octets[4];
    size_t count;
    operator Bytes() const noexcept { return Bytes(octets, count); }
  };

  // SRTP signs the rollover counter as if it stood behind the packet (RFC 3711 §4.2).
  static Rollover rolloverOf(uint64_t index) noexcept {
    Rollover rollover{{}, 4};
    write32(rollover.octets, static_cast<uint32_t>(index >> 16));
    return rollover;
  }

  int32_t mkiBytes() const noexcept { return static_cast<int32_t>(mki_.size()); }

  int32_t appendTag(CounterModeKey& key, uint8_t* packet, int32_t length, Bytes tail,
                    int32_t tagBytes) {
    uint8_t tag[kHmacBytes];
    if (!key.sign(Bytes(packet, static_cast<size_t>(length)), tail, tag)) return kRefused;
    std::copy(mki_.begin(), mki_.end(), packet + length);
    std::copy_n(tag, tagBytes, packet + length + mkiBytes());
    return length + mkiBytes() + tagBytes;
  }

  bool verifyTag(CounterModeKey& key, const uint8_t* packet, int32_t length, Bytes tail,
                 int32_t tagBytes) {
    uint8_t tag[kHmacBytes];
    const uint8_t* trailer = packet + length;
    if (!std::equal(mki_.begin(), mki_.end(), trailer)) return false;
    return key.sign(Bytes(packet, static_cast<size_t>(length)), tail, tag) &&
           CRYPTO_memcmp(tag, trailer + mkiBytes(), static_cast<size_t>(tagBytes)) == 0;
  }

  CounterModeKey rtp_;
  CounterModeKey rtcp_;
  std::vector<uint8_t> mki_;
  int32_t rtpTag_;
  int32_t rtcpTag_;
};

}  // namespace

std::unique_ptr<SrtpTransform> makeCounterModeTransform(const SrtpProfile& profile,
                                                        SessionKeys keys, Bytes mki) {
  return std::make_unique<CounterModeTransform>(profile, std::move(keys), mki);
}

}  // namespace causeway
