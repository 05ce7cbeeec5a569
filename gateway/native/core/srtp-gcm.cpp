// AES-GCM for SRTP and SRTCP (RFC 7714): one pass, the header as associated data.
#include <algorithm>

#include "gateway/native/core/srtp-transform.hpp"

namespace causeway {
namespace {

constexpr int32_t kTagBytes = 16;
constexpr size_t kNonceBytes = 12;

struct Nonce {
  uint8_t octets[kNonceBytes];
};

// One session key and its salt, with a context for each direction of the cipher.
class GcmKey {
 public:
  GcmKey(const SrtpProfile& profile, SessionKey key)
      : salt_(std::move(key.salt)),
        sealing_(EVP_CIPHER_CTX_new()),
        opening_(EVP_CIPHER_CTX_new()) {
    const CipherPtr algorithm(EVP_CIPHER_fetch(nullptr, profile.cipherName, nullptr));
    requireCrypto(algorithm && sealing_ && opening_ &&
                      EVP_EncryptInit_ex2(sealing_.get(), algorithm.get(), key.encryption.data(),
                                          nullptr, nullptr) == 1 &&
                      EVP_DecryptInit_ex2(opening_.get(), algorithm.get(), key.encryption.data(),
                                          nullptr, nullptr) == 1,
                  "AES-GCM");
  }

  // 00 00 | SSRC | 48 bits of index, salted (RFC 7714 §8.1 and §9.1).
  Nonce nonce(uint32_t ssrc, uint64_t index) const noexcept {
    Nonce nonce{};
    write32(nonce.octets + 2, ssrc);
    write32(nonce.octets + 6, static_cast<uint32_t>(index >> 16));
    nonce.octets[10] = static_cast<uint8_t>(index >> 8);
    nonce.octets[11] = static_cast<uint8_t>(index);
    for (size_t i = 0; i < kNonceBytes; ++i) nonce.octets[i] ^= salt_.data()[i];
    return nonce;
  }

  bool seal(const Nonce& nonce, Bytes header, Bytes index, uint8_t* body, int32_t length,
            uint8_t* tag) {
    EVP_CIPHER_CTX* context = sealing_.get();
    int written = 0;
    return EVP_EncryptInit_ex2(context, nullptr, nullptr, nonce.octets, nullptr) == 1 &&
           associate(context, header) && associate(context, index) &&
           EVP_EncryptUpdate(context, body, &written, body, length) == 1 &&
           EVP_EncryptFinal_ex(context, body, &written) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1;
  }

  bool open(const Nonce& nonce, Bytes header, Bytes index, uint8_t* body, int32_t length,
            const uint8_t* tag) {
    EVP_CIPHER_CTX* context = opening_.get();
    uint8_t expected[kTagBytes];
    std::copy_n(tag, kTagBytes, expected);
    int written = 0;
    if (EVP_DecryptInit_ex2(context, nullptr, nullptr, nonce.octets, nullptr) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, expected) != 1 ||
        !associate(context, header) || !associate(context, index) ||
        EVP_DecryptUpdate(context, body, &written, body, length) != 1) {
      return false;
    }
    if (EVP_DecryptFinal_ex(context, body, &written) == 1) return true;
    restore(nonce, body, length);
    return false;
  }

 private:
  static bool associate(EVP_CIPHER_CTX* context, Bytes octets) {
    int written = 0;
    return octets.empty() || EVP_CipherUpdate(context, nullptr, &written, octets.data(),
                                              static_cast<int>(octets.size())) == 1;
  }

  // OpenSSL decrypts before it can verify; the same keystream puts the ciphertext back.
  void restore(const Nonce& nonce, uint8_t* body, int32_t length) {
    int written = 0;
    if (EVP_EncryptInit_ex2(sealing_.get(), nullptr, nullptr, nonce.octets, nullptr) == 1) {
      EVP_EncryptUpdate(sealing_.get(), body, &written, body, length);
    }
  }

  SecretBytes salt_;
  CipherContextPtr sealing_;
  CipherContextPtr opening_;
};

// Packet | tag | index word (SRTCP) | MKI (RFC 7714 §8.2 and §9.2).
class GcmTransform final : public SrtpTransform {
 public:
  GcmTransform(const SrtpProfile& profile, SessionKeys keys, Bytes mki)
      : rtp_(profile, std::move(keys.rtp)),
        rtcp_(profile, std::move(keys.rtcp)),
        mki_(mki.begin(), mki.end()) {}

  int32_t sealRtp(uint8_t* packet, int32_t header, int32_t length, uint32_t ssrc,
                  uint64_t index) override {
    const Bytes associated(packet, static_cast<size_t>(header));
    if (!rtp_.seal(rtp_.nonce(ssrc, index), associated, {}, packet + header, length - header,
                   packet + length)) {
      return kRefused;
    }
    return appendMki(packet, length + kTagBytes);
  }

  int32_t openRtp(uint8_t* packet, int32_t header, int32_t length, uint32_t ssrc,
                  uint64_t index) override {
    const int32_t plain = length - rtpOverhead();
    const Bytes associated(packet, static_cast<size_t>(header));
    if (!hasMki(packet + plain + kTagBytes)) return kRefused;
    const bool opened = rtp_.open(rtp_.nonce(ssrc, index), associated, {}, packet + header,
                                  plain - header, packet + plain);
    return opened ? plain : kRefused;
  }

  int32_t sealRtcp(uint8_t* packet, int32_t length, uint32_t ssrc, uint32_t index) override {
    uint8_t* word = packet + length + kTagBytes;
    write32(word, kRtcpEncryptedFlag | index);
    if (!rtcp_.seal(rtcp_.nonce(ssrc, index), Bytes(packet, kRtcpHeaderBytes),
                    Bytes(word, kRtcpIndexBytes), packet + kRtcpHeaderBytes,
                    length - kRtcpHeaderBytes, packet + length)) {
      return kRefused;
    }
    return appendMki(packet, length + kTagBytes + kRtcpIndexBytes);
  }

  int32_t openRtcp(uint8_t* packet, int32_t length, uint32_t ssrc, uint32_t index) override {
    const int32_t plain = length - rtcpOverhead();
    const uint8_t* word = packet + plain + kTagBytes;
    if (!hasMki(word + kRtcpIndexBytes)) return kRefused;
    const bool opened = rtcp_.open(rtcp_.nonce(ssrc, index), Bytes(packet, kRtcpHeaderBytes),
                                   Bytes(word, kRtcpIndexBytes), packet + kRtcpHeaderBytes,
                                   plain - kRtcpHeaderBytes, packet + plain);
    return opened ? plain : kRefused;
  }

  int32_t rtpOverhead() const noexcept override { return kTagBytes + mkiBytes(); }
  int32_t rtcpOverhead() const noexcept override {
    return kTagBytes + kRtcpIndexBytes + mkiBytes();
  }
  int32_t rtcpIndexOffset(int32_t length) const noexcept override {
    return length - mkiBytes() - kRtcpIndexBytes;
  }

 private:
  int32_t mkiBytes() const noexcept { return static_cast<int32_t>(mki_.size()); }
  bool hasMki(const uint8_t* at) const { return std::equal(mki_.begin(), mki_.end(), at); }

  int32_t appendMki(uint8_t* packet, int32_t length) {
    std::copy(mki_.begin(), mki_.end(), packet + length);
    return length + mkiBytes();
  }

  GcmKey rtp_;
  GcmKey rtcp_;
  std::vector<uint8_t> mki_;
};

}  // namespace

std::unique_ptr<SrtpTransform> makeGcmTransform(const SrtpProfile& profile, SessionKeys keys,
                                                Bytes mki) {
  return std::make_unique<GcmTransform>(profile, std::move(keys), mki);
}

}  // namespace causeway
