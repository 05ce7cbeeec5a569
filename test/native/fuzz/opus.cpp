// Feeds arbitrary packets to the Opus decoder and to what tells about packets.
#include "transcoder/native/core/opus-codec.hpp"

#include <cstdlib>
#include <vector>

namespace {

constexpr int32_t kRate = 16000;
constexpr int32_t kMostSamples = kRate / 1000 * 120;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  using namespace causeway;
  if (size > 1500) return 0;
  const std::vector<uint8_t> packet(input, input + size);
  std::vector<int16_t> pcm(kMostSamples);
  OpusDecoding decoder(kRate, 1);
  const int32_t told = opusPacketSamples(packet, kRate);
  const int32_t decoded = decoder.decode(packet, pcm);
  if (decoded > kMostSamples || (decoded > 0 && decoded != told)) std::abort();
  if (decoder.recover(packet, pcm, kRate / 50) > kMostSamples) std::abort();
  const int32_t channels = opusPacketChannels(packet);
  if (channels < 0 || channels > 2) std::abort();
  opusPacketHasRedundancy(packet);
  return 0;
}
