// Opus over libopus (RFC 6716, RFC 7587): encoders and decoders, every CTL by its name.
#include "transcoder/native/core/opus-codec.hpp"

#include <array>
#include <climits>
#include <string>

#include "transcoder/native/shared/failure.hpp"

namespace causeway {
namespace {

// Requests of opus_defines.h; 0 where there is none.
struct Ctl {
  std::string_view name;
  int setRequest;
  int getRequest;
};

constexpr std::array<Ctl, 21> kCtls{{
    {"application", OPUS_SET_APPLICATION_REQUEST, OPUS_GET_APPLICATION_REQUEST},
    {"bitrate", OPUS_SET_BITRATE_REQUEST, OPUS_GET_BITRATE_REQUEST},
    {"maxBandwidth", OPUS_SET_MAX_BANDWIDTH_REQUEST, OPUS_GET_MAX_BANDWIDTH_REQUEST},
    {"vbr", OPUS_SET_VBR_REQUEST, OPUS_GET_VBR_REQUEST},
    {"bandwidth", OPUS_SET_BANDWIDTH_REQUEST, OPUS_GET_BANDWIDTH_REQUEST},
    {"complexity", OPUS_SET_COMPLEXITY_REQUEST, OPUS_GET_COMPLEXITY_REQUEST},
    {"inbandFec", OPUS_SET_INBAND_FEC_REQUEST, OPUS_GET_INBAND_FEC_REQUEST},
    {"packetLossPercent", OPUS_SET_PACKET_LOSS_PERC_REQUEST, OPUS_GET_PACKET_LOSS_PERC_REQUEST},
    {"dtx", OPUS_SET_DTX_REQUEST, OPUS_GET_DTX_REQUEST},
    {"vbrConstraint", OPUS_SET_VBR_CONSTRAINT_REQUEST, OPUS_GET_VBR_CONSTRAINT_REQUEST},
    {"forceChannels", OPUS_SET_FORCE_CHANNELS_REQUEST, OPUS_GET_FORCE_CHANNELS_REQUEST},
    {"signal", OPUS_SET_SIGNAL_REQUEST, OPUS_GET_SIGNAL_REQUEST},
    {"lookahead", 0, OPUS_GET_LOOKAHEAD_REQUEST},
    {"sampleRate", 0, OPUS_GET_SAMPLE_RATE_REQUEST},
    {"pitch", 0, OPUS_GET_PITCH_REQUEST},
    {"gain", OPUS_SET_GAIN_REQUEST, OPUS_GET_GAIN_REQUEST},
    {"lsbDepth", OPUS_SET_LSB_DEPTH_REQUEST, OPUS_GET_LSB_DEPTH_REQUEST},
    {"lastPacketDuration", 0, OPUS_GET_LAST_PACKET_DURATION_REQUEST},
    {"expertFrameDuration", OPUS_SET_EXPERT_FRAME_DURATION_REQUEST,
     OPUS_GET_EXPERT_FRAME_DURATION_REQUEST},
    {"predictionDisabled", OPUS_SET_PREDICTION_DISABLED_REQUEST,
     OPUS_GET_PREDICTION_DISABLED_REQUEST},
    {"phaseInversionDisabled", OPUS_SET_PHASE_INVERSION_DISABLED_REQUEST,
     OPUS_GET_PHASE_INVERSION_DISABLED_REQUEST},
}};

constexpr int kMaxFrameMs = 120;  // RFC 6716 §3.2.5

const Ctl& findCtl(std::string_view name) {
  for (const Ctl& ctl : kCtls) {
    if (ctl.name == name) return ctl;
  }
  throw Failure("codec.unknown_ctl", "Opus has no CTL " + std::string(name));
}

void requireOpus(int status, std::string_view step) {
  if (status == OPUS_OK) return;
  const char* code = status == OPUS_BAD_ARG || status == OPUS_UNIMPLEMENTED
                         ? "codec.bad_argument"
                         : "codec.failure";
  throw Failure(code, std::string(step) + ": " + opus_strerror(status));
}

template <auto control, typename State>
int32_t getCtl(State* state, std::string_view name) {
  const Ctl& ctl = findCtl(name);
  opus_int32 value = 0;
  requireOpus(ctl.getRequest == 0 ? OPUS_UNIMPLEMENTED : control(state, ctl.getRequest, &value),
              name);
  return value;
}

template <auto control, typename State>
void setCtl(State* state, std::string_view name, int32_t value) {
  const Ctl& ctl = findCtl(name);
  requireOpus(ctl.setRequest == 0 ? OPUS_UNIMPLEMENTED
                                  : control(state, ctl.setRequest, opus_int32{value}),
              name);
}

int applicationNamed(std::string_view name) {
  if (name == "voip") return OPUS_APPLICATION_VOIP;
  if (name == "audio") return OPUS_APPLICATION_AUDIO;
  if (name == "lowdelay") return OPUS_APPLICATION_RESTRICTED_LOWDELAY;
  throw Failure("codec.bad_argument", "an application is voip, audio or lowdelay");
}

// libopus reads no pointer of an empty packet, but takes it for a lost one: that is not meant.
bool isPlausible(std::span<const uint8_t> packet) noexcept {
  return !packet.empty() && packet.size() <= INT_MAX;
}

}  // namespace

OpusEncoding::OpusEncoding(int32_t sampleRate, int32_t channels, std::string_view application)
    : channels_(channels) {
  int status = OPUS_OK;
  state_.reset(opus_encoder_create(sampleRate, channels, applicationNamed(application), &status));
  requireOpus(status, "encoder");
}

int32_t OpusEncoding::encode(std::span<const int16_t> pcm, std::span<uint8_t> packet) {
  if (pcm.empty() || pcm.size() % static_cast<size_t>(channels_) != 0 || pcm.size() > INT_MAX) {
    throw Failure("codec.bad_argument", "the PCM is no whole frame");
  }
  const int samples = static_cast<int>(pcm.size()) / channels_;
  const int32_t room = static_cast<int32_t>(packet.size() < INT_MAX ? packet.size() : INT_MAX);
  if (room == 0) throw Failure("codec.bad_argument", "no room for a packet");
  const int32_t length = opus_encode(state_.get(), pcm.data(), samples, packet.data(), room);
  if (length < 0) requireOpus(length, "encode");
  return length;
}

int32_t OpusEncoding::get(std::string_view ctl) {
  return getCtl<opus_encoder_ctl>(state_.get(), ctl);
}

void OpusEncoding::set(std::string_view ctl, int32_t value) {
  setCtl<opus_encoder_ctl>(state_.get(), ctl, value);
}

void OpusEncoding::reset() {
  requireOpus(opus_encoder_ctl(state_.get(), OPUS_RESET_STATE), "reset");
}

OpusDecoding::OpusDecoding(int32_t sampleRate, int32_t channels)
    : sampleRate_(sampleRate), channels_(channels) {
  int status = OPUS_OK;
  state_.reset(opus_decoder_create(sampleRate, channels, &status));
  requireOpus(status, "decoder");
}

int32_t OpusDecoding::decode(std::span<const uint8_t> packet, std::span<int16_t> pcm) {
  if (!isPlausible(packet)) return OPUS_INVALID_PACKET;
  const auto room = static_cast<int32_t>(pcm.size() / static_cast<size_t>(channels_));
  return decodeFrame(packet, pcm, room, false);
}

int32_t OpusDecoding::recover(std::span<const uint8_t> packet, std::span<int16_t> pcm,
                              int32_t samples) {
  if (!isPlausible(packet)) return OPUS_INVALID_PACKET;
  return decodeFrame(packet, pcm, samples, true);
}

int32_t OpusDecoding::conceal(std::span<int16_t> pcm, int32_t samples) {
  return decodeFrame({}, pcm, samples, false);
}

int32_t OpusDecoding::decodeFrame(std::span<const uint8_t> packet, std::span<int16_t> pcm,
                                  int32_t samples, bool redundancy) {
  const int32_t most = sampleRate_ / 1000 * kMaxFrameMs;
  const int32_t wanted = samples < most ? samples : most;
  if (wanted <= 0 || pcm.size() < static_cast<size_t>(wanted) * static_cast<size_t>(channels_)) {
    throw Failure("codec.bad_argument", "no room for the PCM");
  }
  return opus_decode(state_.get(), packet.empty() ? nullptr : packet.data(),
                     static_cast<opus_int32>(packet.size()), pcm.data(), wanted, redundancy);
}

int32_t OpusDecoding::get(std::string_view ctl) {
  return getCtl<opus_decoder_ctl>(state_.get(), ctl);
}

void OpusDecoding::set(std::string_view ctl, int32_t value) {
  setCtl<opus_decoder_ctl>(state_.get(), ctl, value);
}

void OpusDecoding::reset() {
  requireOpus(opus_decoder_ctl(state_.get(), OPUS_RESET_STATE), "reset");
}

int32_t opusPacketSamples(std::span<const uint8_t> packet, int32_t sampleRate) noexcept {
  if (!isPlausible(packet)) return 0;
  const int samples = opus_packet_get_nb_samples(
      packet.data(), static_cast<opus_int32>(packet.size()), sampleRate);
  return samples > 0 ? samples : 0;
}

int32_t opusPacketChannels(std::span<const uint8_t> packet) noexcept {
  return isPlausible(packet) ? opus_packet_get_nb_channels(packet.data()) : 0;
}

// libopus of Debian 12 cannot tell (opus_packet_has_lbrr came with 1.5). In SILK and hybrid
// packets the first frame begins with a voice activity flag for each 20 ms of it and then the LBRR
// flag, for the middle channel and after it for the side; they are coded with even odds, which
// makes them plain bits, the most significant first (RFC 6716 §4.2.3).
bool opusPacketHasRedundancy(std::span<const uint8_t> packet) noexcept {
  constexpr uint8_t kFirstCeltOnly = 0x80;
  if (!isPlausible(packet) || packet[0] >= kFirstCeltOnly) return false;
  const unsigned char* frames[48];
  opus_int16 sizes[48];
  const int count = opus_packet_parse(packet.data(), static_cast<opus_int32>(packet.size()),
                                      nullptr, frames, sizes, nullptr);
  if (count <= 0 || sizes[0] == 0) return false;
  const int frameMs = opus_packet_get_samples_per_frame(packet.data(), 48000) / 48;
  const int flags = frameMs <= 20 ? 1 : frameMs / 20;
  const bool middle = (frames[0][0] >> (7 - flags) & 1) != 0;
  if (opus_packet_get_nb_channels(packet.data()) == 1) return middle;
  return middle || (frames[0][0] >> (6 - 2 * flags) & 1) != 0;
}

}  // namespace causeway
