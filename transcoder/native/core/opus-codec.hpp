// Opus over libopus (RFC 6716, RFC 7587): encoders and decoders, every CTL by its name.
#pragma once

#include <opus/opus.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace causeway {

template <auto destroy>
struct DestroyOpus {
  template <typename T>
  void operator()(T* state) const noexcept {
    destroy(state);
  }
};

class OpusEncoding {
 public:
  // `application` is voip, audio or lowdelay.
  OpusEncoding(int32_t sampleRate, int32_t channels, std::string_view application);

  // `pcm` holds one frame, interleaved; gives the octets written to `packet`.
  int32_t encode(std::span<const int16_t> pcm, std::span<uint8_t> packet);
  int32_t get(std::string_view ctl);
  void set(std::string_view ctl, int32_t value);
  void reset();

 private:
  int32_t channels_;
  std::unique_ptr<OpusEncoder, DestroyOpus<opus_encoder_destroy>> state_;
};

class OpusDecoding {
 public:
  OpusDecoding(int32_t sampleRate, int32_t channels);

  // Gives the samples a channel written to `pcm`, or a negative error of libopus if the packet is
  // no Opus: what comes from outside throws nothing.
  int32_t decode(std::span<const uint8_t> packet, std::span<int16_t> pcm);
  // The `samples` a channel lost before `packet`, from its redundancy if it has some.
  int32_t recover(std::span<const uint8_t> packet, std::span<int16_t> pcm, int32_t samples);
  int32_t conceal(std::span<int16_t> pcm, int32_t samples);
  int32_t get(std::string_view ctl);
  void set(std::string_view ctl, int32_t value);
  void reset();

 private:
  int32_t decodeFrame(std::span<const uint8_t> packet, std::span<int16_t> pcm, int32_t samples,
                      bool redundancy);

  int32_t sampleRate_;
  int32_t channels_;
  std::unique_ptr<OpusDecoder, DestroyOpus<opus_decoder_destroy>> state_;
};

// Samples a channel in `packet` at `sampleRate`; 0 if it is no Opus packet.
int32_t opusPacketSamples(std::span<const uint8_t> packet, int32_t sampleRate) noexcept;
// 1 or 2; 0 if it is no Opus packet.
int32_t opusPacketChannels(std::span<const uint8_t> packet) noexcept;
// Whether it carries low bit-rate redundancy for the frame before it (RFC 6716 §4.2.4).
bool opusPacketHasRedundancy(std::span<const uint8_t> packet) noexcept;

}  // namespace causeway
