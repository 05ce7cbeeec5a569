// One master key in one direction, over all its SSRCs: index, replay, lifetime (RFC 3711 §3.3).
#include "gateway/native/core/srtp-context.hpp"

namespace causeway {
namespace {

constexpr int32_t kRtpFixedBytes = 12;

// Where the payload begins: after CSRCs and header extension (RFC 3550 §5.1), or -1.
int32_t rtpHeaderBytes(const uint8_t* packet, int32_t length) noexcept {
  if (length < kRtpFixedBytes || packet[0] >> 6 != 2) return -1;
  int32_t header = kRtpFixedBytes + 4 * (packet[0] & 0x0f);
  if ((packet[0] & 0x10) != 0) {
    if (length < header + 4) return -1;
    header += 4 + 4 * (packet[header + 2] << 8 | packet[header + 3]);
  }
  return header <= length ? header : -1;
}

bool isRtcp(const uint8_t* packet, int32_t length) noexcept {
  return length >= kRtcpHeaderBytes && packet[0] >> 6 == 2;
}

std::unique_ptr<SrtpTransform> makeTransform(const SrtpOptions& options) {
  SessionKeys keys = deriveSessionKeys(*options.profile, options.masterKey, options.masterSalt);
  if (options.profile->aead) {
    return makeGcmTransform(*options.profile, std::move(keys), options.mki);
  }
  auto engine = options.engine ? options.engine : std::make_shared<CounterModeEngine>();
  return makeCounterModeTransform(*options.profile, std::move(keys), options.mki,
                                  std::move(engine));
}

void checkOptions(const SrtpOptions& options) {
  if (options.masterKey.size() != options.profile->keyBytes ||
      options.masterSalt.size() != options.profile->saltBytes) {
    throw Failure("native.out_of_range", "the key or salt has not the length of its profile");
  }
  if (options.mki.size() > SrtpContext::kMostMkiBytes) {
    throw Failure("native.out_of_range", "the MKI is longer than four octets");
  }
}

}  // namespace

SrtpContext::SrtpContext(const SrtpOptions& options)
    : direction_(options.direction),
      streams_(options.maxStreams, options.replayWindow),
      unseen_(0, options.replayWindow) {
  const CleanErrorQueue clean;
  checkOptions(options);
  transform_ = makeTransform(options);
}

SrtpStream& SrtpContext::streamOf(SrtpStream* known, uint32_t ssrc) {
  return known != nullptr ? *known : streams_.add(ssrc);
}

// Between two packets of a call this has left the cache: asked for at once, it comes at once.
void SrtpContext::fetchAhead() const noexcept {
  const auto* transform = reinterpret_cast<const uint8_t*>(transform_.get());
  for (size_t line = 0; line < 3; ++line) __builtin_prefetch(transform + line * 64);
  __builtin_prefetch(streams_.recent());
}

// We may send out of order, as a relay does, but never one index twice: that would give the same
// keystream to two packets.
int32_t SrtpContext::protectRtp(uint8_t* packet, int32_t length, int32_t room) {
  fetchAhead();
  const int32_t header = rtpHeaderBytes(packet, length);
  if (header < 0) return kSrtpMalformed;
  if (length > room - transform_->rtpOverhead()) return kSrtpNoRoom;
  const uint32_t ssrc = read32(packet + 8);
  SrtpStream* known = streams_.find(ssrc);
  if (known == nullptr && streams_.full()) return kSrtpTooManyStreams;
  const SrtpStream& view = known != nullptr ? *known : unseen_;

  const int64_t index = view.estimate(static_cast<uint16_t>(packet[2] << 8 | packet[3]));
  if (index > static_cast<int64_t>(kLastRtpIndex)) return kSrtpIndexExhausted;
  if (index < 0 || !view.rtp.isFresh(static_cast<uint64_t>(index))) return kSrtpReplayed;
  SrtpStream& stream = streamOf(known, ssrc);
  stream.rtp.commit(static_cast<uint64_t>(index));
  const int32_t sealed =
      transform_->sealRtp(packet, header, length, ssrc, static_cast<uint64_t>(index));
  return sealed < 0 ? kSrtpCipherFailed : sealed;
}

// The index is estimated, then authenticated, and only then committed; a stranger's SSRC leaves
// no trace.
int32_t SrtpContext::unprotectRtp(uint8_t* packet, int32_t length) {
  fetchAhead();
  const int32_t header = rtpHeaderBytes(packet, length);
  if (header < 0 || length < header + transform_->rtpOverhead()) return kSrtpMalformed;
  const uint32_t ssrc = read32(packet + 8);
  SrtpStream* known = streams_.find(ssrc);
  if (known == nullptr && streams_.full()) return kSrtpTooManyStreams;
  const SrtpStream& view = known != nullptr ? *known : unseen_;

  const int64_t index = view.estimate(static_cast<uint16_t>(packet[2] << 8 | packet[3]));
  if (index > static_cast<int64_t>(kLastRtpIndex)) return kSrtpIndexExhausted;
  if (index < 0 || !view.rtp.isFresh(static_cast<uint64_t>(index))) return kSrtpReplayed;
  const int32_t plain =
      transform_->openRtp(packet, header, length, ssrc, static_cast<uint64_t>(index));
  if (plain < 0) return kSrtpAuthenticationFailed;
  streamOf(known, ssrc).rtp.commit(static_cast<uint64_t>(index));
  return plain;
}

int32_t SrtpContext::protectRtcp(uint8_t* packet, int32_t length, int32_t room) {
  if (!isRtcp(packet, length)) return kSrtpMalformed;
  if (length > room - transform_->rtcpOverhead()) return kSrtpNoRoom;
  const uint32_t ssrc = read32(packet + 4);
  SrtpStream* known = streams_.find(ssrc);
  if (known == nullptr && streams_.full()) return kSrtpTooManyStreams;

  SrtpStream& stream = streamOf(known, ssrc);
  const uint64_t index = stream.rtcp.started() ? stream.rtcp.highest() + 1 : 0;
  if (index > kLastRtcpIndex) return kSrtpIndexExhausted;
  stream.rtcp.commit(index);
  const int32_t sealed =
      transform_->sealRtcp(packet, length, ssrc, static_cast<uint32_t>(index));
  return sealed < 0 ? kSrtpCipherFailed : sealed;
}

// The E flag must be set: no profile of ours leaves SRTCP in the clear.
int32_t SrtpContext::unprotectRtcp(uint8_t* packet, int32_t length) {
  if (!isRtcp(packet, length) || length < kRtcpHeaderBytes + transform_->rtcpOverhead()) {
    return kSrtpMalformed;
  }
  const uint32_t word = read32(packet + transform_->rtcpIndexOffset(length));
  if ((word & kRtcpEncryptedFlag) == 0) return kSrtpMalformed;
  const uint32_t index = word & ~kRtcpEncryptedFlag;
  const uint32_t ssrc = read32(packet + 4);
  SrtpStream* known = streams_.find(ssrc);
  if (known == nullptr && streams_.full()) return kSrtpTooManyStreams;
  if (known != nullptr && !known->rtcp.isFresh(index)) return kSrtpReplayed;

  const int32_t plain = transform_->openRtcp(packet, length, ssrc, index);
  if (plain < 0) return kSrtpAuthenticationFailed;
  streamOf(known, ssrc).rtcp.commit(index);
  return plain;
}

std::optional<SrtpStreamState> SrtpContext::streamState(uint32_t ssrc) {
  const SrtpStream* stream = streams_.find(ssrc);
  if (stream == nullptr) return std::nullopt;
  return SrtpStreamState{
      .rolloverCounter = static_cast<uint32_t>(stream->rtp.highest() >> 16),
      .highestSequence = static_cast<uint16_t>(stream->rtp.highest()),
      .rtpStarted = stream->rtp.started(),
      .rtcpIndex = stream->rtcp.started() ? static_cast<int64_t>(stream->rtcp.highest()) : -1,
  };
}

// An index never goes back: under one key that would repeat a keystream, or take a replay.
void SrtpContext::setStreamState(uint32_t ssrc, const SrtpStreamState& state) {
  const uint64_t rtpIndex = uint64_t{state.rolloverCounter} << 16 | state.highestSequence;
  SrtpStream* known = streams_.find(ssrc);
  if (known == nullptr && streams_.full()) throw Failure("native.too_many", "no stream is free");
  SrtpStream& stream = streamOf(known, ssrc);
  const auto rtcpIndex = static_cast<uint64_t>(state.rtcpIndex);
  if ((state.rtpStarted && stream.rtp.started() && rtpIndex < stream.rtp.highest()) ||
      (state.rtcpIndex >= 0 && stream.rtcp.started() && rtcpIndex < stream.rtcp.highest())) {
    throw Failure("native.out_of_range", "the index would go back");
  }
  if (state.rtpStarted) stream.rtp.restore(rtpIndex);
  if (state.rtcpIndex >= 0) stream.rtcp.restore(rtcpIndex);
}

}  // namespace causeway
