// One master key in one direction, over all its SSRCs: index, replay, lifetime (RFC 3711 §3.3).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "gateway/native/core/srtp-stream.hpp"
#include "gateway/native/core/srtp-transform.hpp"

namespace causeway {

// Repeats the SRTP_ constants of gateway/native/contract.ts; a test compares the two.
enum SrtpRefusal : int32_t {
  kSrtpMalformed = -1,
  kSrtpAuthenticationFailed = -2,
  kSrtpReplayed = -3,
  kSrtpIndexExhausted = -4,
  kSrtpTooManyStreams = -5,
  kSrtpNoRoom = -6,
  kSrtpCipherFailed = -7,
};

enum class SrtpDirection { protect, unprotect };

struct SrtpOptions {
  const SrtpProfile* profile;
  SrtpDirection direction;
  Bytes masterKey;
  Bytes masterSalt;
  Bytes mki;
  uint32_t replayWindow = 128;
  uint32_t maxStreams = 256;
  // Shared by the contexts of one thread; without one the context has its own.
  std::shared_ptr<CounterModeEngine> engine = nullptr;
};

struct SrtpStreamState {
  uint32_t rolloverCounter;
  uint16_t highestSequence;
  bool rtpStarted;
  int64_t rtcpIndex;
};

class SrtpContext {
 public:
  static constexpr uint32_t kLeastWindow = 64;
  static constexpr uint32_t kMostWindow = 1024;
  static constexpr uint32_t kMostStreams = 4096;
  static constexpr size_t kMostMkiBytes = 4;

  explicit SrtpContext(const SrtpOptions& options);

  SrtpDirection direction() const noexcept { return direction_; }

  // Each works on `length` octets in place, with `room` octets before anything else begins, and
  // gives the new length or an SrtpRefusal, upon which the packet is as it was (but for
  // kSrtpCipherFailed, which says that the cipher itself broke: drop the packet).
  int32_t protectRtp(uint8_t* packet, int32_t length, int32_t room);
  int32_t unprotectRtp(uint8_t* packet, int32_t length);
  int32_t protectRtcp(uint8_t* packet, int32_t length, int32_t room);
  int32_t unprotectRtcp(uint8_t* packet, int32_t length);

  std::optional<SrtpStreamState> streamState(uint32_t ssrc);
  void setStreamState(uint32_t ssrc, const SrtpStreamState& state);

 private:
  SrtpStream& streamOf(SrtpStream* known, uint32_t ssrc);
  void fetchAhead() const noexcept;

  SrtpDirection direction_;
  SrtpStreams streams_;
  SrtpStream unseen_;  // how a stream looks before its first packet
  std::unique_ptr<SrtpTransform> transform_;
};

}  // namespace causeway
