// What a key does to one packet of a given index: encrypt and sign, or verify and decrypt.
#pragma once

#include <cstdint>
#include <memory>

#include "gateway/native/core/srtp-counter-mode-engine.hpp"
#include "gateway/native/core/srtp-keys.hpp"
#include "gateway/native/core/srtp-profile.hpp"

namespace causeway {

// A transform knows no stream and remembers no index. `seal` appends to the packet and gives the
// new length; the caller has made sure of the room. `open` takes a packet that is at least
// `header + overhead` long, verifies, decrypts in place and gives the shorter length; refused,
// it gives kRefused and leaves the packet as it was, so that an older key can be tried on it.
class SrtpTransform {
 public:
  static constexpr int32_t kRefused = -1;

  virtual ~SrtpTransform() = default;

  virtual int32_t sealRtp(uint8_t* packet, int32_t header, int32_t length, uint32_t ssrc,
                          uint64_t index) = 0;
  virtual int32_t openRtp(uint8_t* packet, int32_t header, int32_t length, uint32_t ssrc,
                          uint64_t index) = 0;
  virtual int32_t sealRtcp(uint8_t* packet, int32_t length, uint32_t ssrc, uint32_t index) = 0;
  virtual int32_t openRtcp(uint8_t* packet, int32_t length, uint32_t ssrc, uint32_t index) = 0;

  // What sealing adds.
  virtual int32_t rtpOverhead() const noexcept = 0;
  virtual int32_t rtcpOverhead() const noexcept = 0;
  // Where the word with the E flag and the SRTCP index stands in a sealed packet.
  virtual int32_t rtcpIndexOffset(int32_t length) const noexcept = 0;
};

constexpr int32_t kRtcpHeaderBytes = 8;
constexpr int32_t kRtcpIndexBytes = 4;
constexpr uint32_t kRtcpEncryptedFlag = 0x80000000;

inline uint32_t read32(const uint8_t* from) noexcept {
  return uint32_t{from[0]} << 24 | uint32_t{from[1]} << 16 | uint32_t{from[2]} << 8 | from[3];
}

inline void write32(uint8_t* to, uint32_t value) noexcept {
  to[0] = static_cast<uint8_t>(value >> 24);
  to[1] = static_cast<uint8_t>(value >> 16);
  to[2] = static_cast<uint8_t>(value >> 8);
  to[3] = static_cast<uint8_t>(value);
}

std::unique_ptr<SrtpTransform> makeCounterModeTransform(const SrtpProfile& profile,
                                                        SessionKeys keys, Bytes mki,
                                                        std::shared_ptr<CounterModeEngine> engine);
std::unique_ptr<SrtpTransform> makeGcmTransform(const SrtpProfile& profile, SessionKeys keys,
                                                Bytes mki);

}  // namespace causeway
