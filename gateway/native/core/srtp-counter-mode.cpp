// AES in counter mode with HMAC-SHA1 (RFC 3711 §4.1.1 and §4.2.1, RFC 6188 for 256 bits).
#include <openssl/crypto.h>

#include <algorithm>
#include <array>

#include "gateway/native/core/srtp-transform.hpp"

namespace causeway {
namespace {

constexpr size_t kMostKeyBytes = 32;
constexpr size_t kSessionSaltBytes = 14;
constexpr size_t kMostMkiBytes = 4;

// One session key, its salt and its authentication key: all that is kept, in two cache lines.
class CounterModeKey {
 public:
  explicit CounterModeKey(const SessionKey& key)
      : keyBytes_(static_cast<uint8_t>(key.encryption.size())) {
    requireCrypto(key.encryption.size() <= kMostKeyBytes &&
                      key.salt.size() == kSessionSaltBytes &&
                      key.authentication.size() == kSha1Bytes,
                  "the lengths of session keys");
    std::copy_n(key.encryption.data(), key.encryption.size(), encryption_.begin());
    std::copy_n(key.salt.data(), kSessionSaltBytes, salt_.begin());
    std::copy_n(key.authentication.data(), kSha1Bytes, authentication_.begin());
  }
  CounterModeKey(const CounterModeKey&) = delete;
  CounterModeKey& operator=(const CounterModeKey&) = delete;
  ~CounterModeKey() {
    OPENSSL_cleanse(encryption_.data(), encryption_.size());
    OPENSSL_cleanse(salt_.data(), salt_.size());
    OPENSSL_cleanse(authentication_.data(), authentication_.size());
  }

  // Exclusive-ors the keystream of (SSRC, index) onto `length` octets.
  bool crypt(CounterModeEngine& engine, uint8_t* octets, int32_t length, uint32_t ssrc,
             uint64_t index) const {
    uint8_t counter[CounterModeEngine::kCounterBytes];
    std::copy_n(salt_.data(), kSessionSaltBytes, counter);
    counter[14] = counter[15] = 0;
    write32(counter + 4, read32(counter + 4) ^ ssrc);
    write32(counter + 8, read32(counter + 8) ^ static_cast<uint32_t>(index >> 16));
    counter[12] ^= static_cast<uint8_t>(index >> 8);
    counter[13] ^= static_cast<uint8_t>(index);
    return engine.crypt(Bytes(encryption_.data(), keyBytes_), counter, octets, length);
  }

  bool sign(CounterModeEngine& engine, Bytes packet, Bytes tail,
            uint8_t (&tag)[kSha1Bytes]) const {
    return engine.sign(authentication_, packet, tail, tag);
  }

 private:
  std::array<uint8_t, kSha1Bytes> authentication_;
  std::array<uint8_t, kSessionSaltBytes> salt_;
  uint8_t keyBytes_;
  std::array<uint8_t, kMostKeyBytes> encryption_;
};

// Packet | index word (SRTCP) | MKI | tag. The MKI is not signed (RFC 3711 §3.1).
class CounterModeTransform final : public SrtpTransform {
 public:
  CounterModeTransform(const SrtpProfile& profile, const SessionKeys& keys, Bytes mki,
                       std::shared_ptr<CounterModeEngine> engine)
      : engine_(std::move(engine)),
        mkiBytes_(static_cast<int32_t>(mki.size())),
        rtpTag_(static_cast<int32_t>(profile.rtpTagBytes)),
        rtcpTag_(static_cast<int32_t>(profile.rtcpTagBytes)),
        rtp_(keys.rtp),
        rtcp_(keys.rtcp) {
    std::copy_n(mki.data(), std::min(mki.size(), kMostMkiBytes), mki_.begin());
  }

  int32_t sealRtp(uint8_t* packet, int32_t header, int32_t length, uint32_t ssrc,
                  uint64_t index) override {
    if (!rtp_.crypt(*engine_, packet + header, length - header, ssrc, index)) return kRefused;
    return appendTag(rtp_, packet, length, rolloverOf(index), rtpTag_);
  }

  int32_t openRtp(uint8_t* packet, int32_t header, int32_t length, uint32_t ssrc,
                  uint64_t index) override {
    const int32_t plain = length - rtpOverhead();
    if (!verifyTag(rtp_, packet, plain, rolloverOf(index), rtpTag_)) return kRefused;
    return rtp_.crypt(*engine_, packet + header, plain - header, ssrc, index) ? plain : kRefused;
  }

  int32_t sealRtcp(uint8_t* packet, int32_t length, uint32_t ssrc, uint32_t index) override {
    if (!rtcp_.crypt(*engine_, packet + kRtcpHeaderBytes, length - kRtcpHeaderBytes, ssrc, index)) {
      return kRefused;
    }
    write32(packet + length, kRtcpEncryptedFlag | index);
    return appendTag(rtcp_, packet, length + kRtcpIndexBytes, {}, rtcpTag_);
  }

  int32_t openRtcp(uint8_t* packet, int32_t length, uint32_t ssrc, uint32_t index) override {
    const int32_t plain = length - rtcpOverhead();
    if (!verifyTag(rtcp_, packet, plain + kRtcpIndexBytes, {}, rtcpTag_)) return kRefused;
    const int32_t body = plain - kRtcpHeaderBytes;
    return rtcp_.crypt(*engine_, packet + kRtcpHeaderBytes, body, ssrc, index) ? plain : kRefused;
  }

  int32_t rtpOverhead() const noexcept override { return mkiBytes_ + rtpTag_; }
  int32_t rtcpOverhead() const noexcept override { return kRtcpIndexBytes + mkiBytes_ + rtcpTag_; }
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

  int32_t appendTag(const CounterModeKey& key, uint8_t* packet, int32_t length, Bytes tail,
                    int32_t tagBytes) {
    uint8_t tag[kSha1Bytes];
    if (!key.sign(*engine_, Bytes(packet, static_cast<size_t>(length)), tail, tag)) return kRefused;
    std::copy_n(mki_.begin(), mkiBytes_, packet + length);
    std::copy_n(tag, tagBytes, packet + length + mkiBytes_);
    return length + mkiBytes_ + tagBytes;
  }

  bool verifyTag(const CounterModeKey& key, const uint8_t* packet, int32_t length, Bytes tail,
                 int32_t tagBytes) {
    uint8_t tag[kSha1Bytes];
    const uint8_t* trailer = packet + length;
    if (!std::equal(mki_.begin(), mki_.begin() + mkiBytes_, trailer)) return false;
    return key.sign(*engine_, Bytes(packet, static_cast<size_t>(length)), tail, tag) &&
           CRYPTO_memcmp(tag, trailer + mkiBytes_, static_cast<size_t>(tagBytes)) == 0;
  }

  // In the order in which RTP uses them, so that a packet touches two lines of this.
  std::shared_ptr<CounterModeEngine> engine_;
  int32_t mkiBytes_;
  int32_t rtpTag_;
  int32_t rtcpTag_;
  std::array<uint8_t, kMostMkiBytes> mki_{};
  CounterModeKey rtp_;
  CounterModeKey rtcp_;
};

}  // namespace

std::unique_ptr<SrtpTransform> makeCounterModeTransform(const SrtpProfile& profile,
                                                        SessionKeys keys, Bytes mki,
                                                        std::shared_ptr<CounterModeEngine> engine) {
  return std::make_unique<CounterModeTransform>(profile, keys, mki, std::move(engine));
}

}  // namespace causeway
