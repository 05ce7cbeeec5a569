// Opus encoders and decoders over libopus (RFC 6716, RFC 7587), with every CTL by its name.
#pragma once

#include <opus/opus.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace causeway {

// The CTLs of libopus 1.3, as named values; which side has which is in the table of the source.
class OpusEncoderState {
 public:
  OpusEncoderState(int32_t sampleRate, int channels, std::string_view application);

  int channels() const noexcept { return channels_; }
  // `pcm` holds whole frames of `frameSamples` a channel; gives the octets written to `packet`.
  int32_t encode(std::span<const int16_t> pcm, int32_t frameSamples, std::span<uint8_t> packet);
  int32_t get(std::string_view ctl);
  void set(std::string_view ctl, int32_t value);
  void reset();

 private:
  struct Release {
    void operator()(OpusEncoder* state) const noexcept { opus_encoder_destroy(state); }
  };
  int channels_;
  std::unique_ptr<OpusEncoder, Release> state_;
};

class OpusDecoderState {
 public:
  OpusDecoderState(int32_t sampleRate, int channels);

  int channels() const noexcept { return channels_; }
  // Gives the samples a channel written to `pcm`. Without a packet it conceals `frameSamples`;
  // with `fec` it recovers the frame before the packet from the packet's redundancy.
  int32_t decode(const uint8_t* packet, int32_t length, std::span<int16_t> pcm,
                 int32_t frameSamples, bool fec);
  int32_t get(std::string_view ctl);
  void set(std::string_view ctl, int32_t value);
  void reset();

 private:
  struct Release {
    void operator()(OpusDecoder* state) const noexcept { opus_decoder_destroy(state); }
  };
  int channels_;
  std::unique_ptr<OpusDecoder, Release> state_;
};

struct OpusPacketShape {
  int frames;
  int samplesAt48k;
  int channels;
  // OPUS_BANDWIDTH_ in Hz of audio: 4000, 6000, 8000, 12000, 20000.
  int bandwidthHz;
  bool hasRedundancy;
};

// Throws codec.bad_packet.
OpusPacketShape inspectOpusPacket(const uint8_t* packet, int32_t length);

}  // namespace causeway
