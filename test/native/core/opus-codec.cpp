// Opus: round trips, redundancy, concealment, CTLs, and packets that are none.
#include "transcoder/native/core/opus-codec.hpp"

#include <cmath>
#include <random>

#include "test/native/core/check.hpp"

namespace causeway::test {
namespace {

using Samples = std::vector<int16_t>;

Samples tone(int32_t sampleRate, int32_t samples, int32_t from, int32_t channels = 1) {
  Samples pcm(static_cast<size_t>(samples * channels));
  for (int32_t i = 0; i < samples * channels; ++i) {
    const double seconds = static_cast<double>(from + i / channels) / sampleRate;
    pcm[static_cast<size_t>(i)] =
        static_cast<int16_t>(8000 * std::sin(2 * 3.14159265358979 * 400 * seconds));
  }
  return pcm;
}

double energy(const Samples& pcm) {
  double sum = 0;
  for (const int16_t sample : pcm) sum += double{1} * sample * sample;
  return sum / static_cast<double>(pcm.size());
}

std::vector<Octets> encodeTone(OpusEncoding& encoder, int32_t rate, int32_t frame, int count) {
  std::vector<Octets> packets;
  for (int i = 0; i < count; ++i) {
    Octets packet(1500);
    packet.resize(static_cast<size_t>(encoder.encode(tone(rate, frame, i * frame), packet)));
    packets.push_back(packet);
  }
  return packets;
}

void roundTrip(int32_t rate) {
  OpusEncoding encoder(rate, 1, "voip");
  OpusDecoding decoder(rate, 1);
  const int32_t frame = rate / 50;
  Samples pcm(static_cast<size_t>(frame));
  for (const Octets& packet : encodeTone(encoder, rate, frame, 20)) {
    expectEqual(opusPacketSamples(packet, rate), frame, "samples told");
    expectEqual(decoder.decode(packet, pcm), frame, "samples decoded");
  }
  const double level = energy(pcm) / (8000.0 * 8000.0 / 2);
  expectTrue(level > 0.7 && level < 1.3, "the tone has its level");
}

void stereoIntoMono() {
  OpusEncoding encoder(48000, 2, "audio");
  OpusDecoding decoder(48000, 1);
  Octets packet(1500);
  Samples pcm(960);
  packet.resize(static_cast<size_t>(encoder.encode(tone(48000, 960, 0, 2), packet)));
  expectEqual(opusPacketChannels(packet), 2, "channels");
  expectEqual(decoder.decode(packet, pcm), 960, "samples");
}

void redundancy() {
  OpusEncoding encoder(16000, 1, "voip");
  encoder.set("bitrate", 24000);
  std::vector<Octets> packets = encodeTone(encoder, 16000, 320, 10);
  expectTrue(!opusPacketHasRedundancy(packets.back()), "none unless asked for");
  encoder.set("inbandFec", 1);
  encoder.set("packetLossPercent", 20);
  packets = encodeTone(encoder, 16000, 320, 10);
  expectTrue(opusPacketHasRedundancy(packets.back()), "some when asked for");

  OpusDecoding decoder(16000, 1);
  Samples pcm(320);
  for (size_t i = 0; i < 8; ++i) decoder.decode(packets[i], pcm);
  expectEqual(decoder.recover(packets[9], pcm, 320), 320, "the lost one");
  expectTrue(energy(pcm) > 5e6, "with its sound");
}

void concealment() {
  OpusEncoding encoder(8000, 1, "voip");
  OpusDecoding decoder(8000, 1);
  Samples pcm(160);
  for (const Octets& packet : encodeTone(encoder, 8000, 160, 10)) decoder.decode(packet, pcm);
  expectEqual(decoder.conceal(pcm, 160), 160, "20 ms");
  expectTrue(energy(pcm) > 1e6, "not silent at once");
  expectEqual(decoder.conceal(pcm, 20), 20, "2.5 ms");
  expectFailure("codec.bad_argument", [&] { decoder.conceal(pcm, 161); });
  expectFailure("codec.bad_argument", [&] { decoder.conceal(pcm, 0); });
}

void ctls() {
  OpusEncoding encoder(48000, 1, "voip");
  for (const auto& [name, value] : std::vector<std::pair<const char*, int32_t>>{
           {"bitrate", 32000}, {"complexity", 3}, {"vbr", 0}, {"dtx", 1}, {"inbandFec", 1},
           {"packetLossPercent", 7}, {"maxBandwidth", 1103}, {"signal", 3001}, {"lsbDepth", 16},
           {"forceChannels", 1}, {"vbrConstraint", 0}, {"predictionDisabled", 1},
           {"phaseInversionDisabled", 1}, {"expertFrameDuration", 5004}}) {
    encoder.set(name, value);
    expectEqual(encoder.get(name), value, name);
  }
  expectEqual(encoder.get("sampleRate"), 48000, "sampleRate");
  expectTrue(encoder.get("lookahead") > 0, "lookahead");
  OpusDecoding decoder(48000, 2);
  decoder.set("gain", 256);
  expectEqual(decoder.get("gain"), 256, "gain");
  expectFailure("codec.unknown_ctl", [&] { encoder.get("loudness"); });
  expectFailure("codec.bad_argument", [&] { encoder.set("complexity", 11); });
  expectFailure("codec.bad_argument", [&] { encoder.set("lookahead", 1); });
  expectFailure("codec.bad_argument", [&] { decoder.set("bitrate", 1); });
  encoder.reset();
  decoder.reset();
}

void badArguments() {
  expectFailure("codec.bad_argument", [] { OpusEncoding(44100, 1, "voip"); });
  expectFailure("codec.bad_argument", [] { OpusEncoding(48000, 3, "voip"); });
  expectFailure("codec.bad_argument", [] { OpusEncoding(48000, 0, "voip"); });
  expectFailure("codec.bad_argument", [] { OpusEncoding(48000, 1, "music"); });
  expectFailure("codec.bad_argument", [] { OpusDecoding(48000, -1); });
  OpusEncoding encoder(8000, 2, "voip");
  Octets packet(100);
  expectFailure("codec.bad_argument", [&] { encoder.encode(Samples(240 * 2), packet); });
  expectFailure("codec.bad_argument", [&] { encoder.encode(Samples(161), packet); });
  expectFailure("codec.bad_argument", [&] { encoder.encode(Samples(0), packet); });
  expectFailure("codec.bad_argument", [&] { encoder.encode(Samples(320), {}); });
}

void garbage() {
  std::mt19937 random(11);
  OpusDecoding decoder(48000, 2);
  Samples pcm(5760 * 2);
  for (int i = 0; i < 3000; ++i) {
    Octets packet(random() % 80);
    for (uint8_t& octet : packet) octet = static_cast<uint8_t>(random());
    decoder.decode(packet, pcm);
    decoder.recover(packet, pcm, 960);
    opusPacketSamples(packet, 48000);
    opusPacketChannels(packet);
    opusPacketHasRedundancy(packet);
  }
  expectTrue(decoder.decode({}, pcm) < 0, "an empty packet is no lost one");
  expectEqual(opusPacketSamples({}, 48000), 0, "nor has it samples");
  Samples tooSmall(100);
  expectTrue(decoder.decode(fromHex("fc010203"), tooSmall) < 0, "no room for its samples");
}

}  // namespace
}  // namespace causeway::test

int main() {
  using namespace causeway::test;
  return runCases({
      {"a tone survives at 8 kHz", [] { roundTrip(8000); }},
      {"a tone survives at 16 kHz", [] { roundTrip(16000); }},
      {"a tone survives at 48 kHz", [] { roundTrip(48000); }},
      {"a stereo sender is decoded into mono", stereoIntoMono},
      {"a lost frame is recovered from the redundancy of the next", redundancy},
      {"a loss is concealed in steps of 2.5 ms", concealment},
      {"every CTL is set and read by name", ctls},
      {"what libopus can't do is refused", badArguments},
      {"garbage is told from Opus and hurts nothing", garbage},
  });
}
