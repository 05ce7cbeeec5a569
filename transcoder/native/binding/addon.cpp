// The addon: Opus of contract.ts, one instance per environment.
#include <node_api.h>

#include "transcoder/native/core/opus-codec.hpp"
#include "transcoder/native/shared/handle-table.hpp"
#include "transcoder/native/shared/napi-call.hpp"

namespace causeway {
namespace {

constexpr uint32_t kMaxCodecs = 65536;

struct Environment {
  HandleTable<OpusEncoding> encoders{kMaxCodecs};
  HandleTable<OpusDecoding> decoders{kMaxCodecs};
};

OpusEncoding& encoderOf(const NapiCall& call) {
  return call.face<Environment>().encoders.get(call.int32(0));
}

OpusDecoding& decoderOf(const NapiCall& call) {
  return call.face<Environment>().decoders.get(call.int32(0));
}

std::span<uint8_t> packetOf(const NapiCall& call, size_t position) {
  const ByteView view = call.toBytes(call.value(position));
  return {view.bytes, view.length};
}

std::span<int16_t> pcmOf(const NapiCall& call, size_t position) {
  const SampleView view = call.toSamples(call.value(position));
  return {view.samples, view.count};
}

napi_value openEncoder(NapiCall& call) {
  auto encoder =
      std::make_unique<OpusEncoding>(call.int32(0), call.int32(1), call.toText(call.value(2)));
  return call.integer(call.face<Environment>().encoders.insert(std::move(encoder)));
}

napi_value encode(NapiCall& call) {
  return call.integer(encoderOf(call).encode(pcmOf(call, 1), packetOf(call, 2)));
}

napi_value encoderCtl(NapiCall& call) {
  return call.integer(encoderOf(call).get(call.toText(call.value(1))));
}

napi_value setEncoderCtl(NapiCall& call) {
  encoderOf(call).set(call.toText(call.value(1)), call.int32(2));
  return call.undefined();
}

napi_value resetEncoder(NapiCall& call) {
  encoderOf(call).reset();
  return call.undefined();
}

napi_value closeEncoder(NapiCall& call) {
  call.face<Environment>().encoders.take(call.int32(0));
  return call.undefined();
}

napi_value openDecoder(NapiCall& call) {
  auto decoder = std::make_unique<OpusDecoding>(call.int32(0), call.int32(1));
  return call.integer(call.face<Environment>().decoders.insert(std::move(decoder)));
}

napi_value decode(NapiCall& call) {
  return call.integer(decoderOf(call).decode(packetOf(call, 1), pcmOf(call, 2)));
}

napi_value recover(NapiCall& call) {
  return call.integer(decoderOf(call).recover(packetOf(call, 1), pcmOf(call, 2), call.int32(3)));
}

napi_value conceal(NapiCall& call) {
  return call.integer(decoderOf(call).conceal(pcmOf(call, 1), call.int32(2)));
}

napi_value decoderCtl(NapiCall& call) {
  return call.integer(decoderOf(call).get(call.toText(call.value(1))));
}

napi_value setDecoderCtl(NapiCall& call) {
  decoderOf(call).set(call.toText(call.value(1)), call.int32(2));
  return call.undefined();
}

napi_value resetDecoder(NapiCall& call) {
  decoderOf(call).reset();
  return call.undefined();
}

napi_value closeDecoder(NapiCall& call) {
  call.face<Environment>().decoders.take(call.int32(0));
  return call.undefined();
}

napi_value packetSamples(NapiCall& call) {
  return call.integer(opusPacketSamples(packetOf(call, 0), call.int32(1)));
}

napi_value packetChannels(NapiCall& call) {
  return call.integer(opusPacketChannels(packetOf(call, 0)));
}

napi_value packetHasRedundancy(NapiCall& call) {
  return call.boolean(opusPacketHasRedundancy(packetOf(call, 0)));
}

void defineDecoder(napi_env env, napi_value exports, Environment* environment) {
  define<openDecoder>(env, exports, "openDecoder", environment);
  define<decode>(env, exports, "decode", environment);
  define<recover>(env, exports, "recover", environment);
  define<conceal>(env, exports, "conceal", environment);
  define<decoderCtl>(env, exports, "decoderCtl", environment);
  define<setDecoderCtl>(env, exports, "setDecoderCtl", environment);
  define<resetDecoder>(env, exports, "resetDecoder", environment);
  define<closeDecoder>(env, exports, "closeDecoder", environment);
}

napi_value fill(napi_env env, napi_value exports) {
  auto made = std::make_unique<Environment>();
  const auto release = [](napi_env, void* instance, void*) {
    delete static_cast<Environment*>(instance);
  };
  check(napi_set_instance_data(env, made.get(), release, nullptr), "no instance data");
  Environment* environment = made.release();

  napi_value version;
  check(napi_create_string_utf8(env, opus_get_version_string(), NAPI_AUTO_LENGTH, &version), "?");
  check(napi_set_named_property(env, exports, "opusVersion", version), "opusVersion");
  define<openEncoder>(env, exports, "openEncoder", environment);
  define<encode>(env, exports, "encode", environment);
  define<encoderCtl>(env, exports, "encoderCtl", environment);
  define<setEncoderCtl>(env, exports, "setEncoderCtl", environment);
  define<resetEncoder>(env, exports, "resetEncoder", environment);
  define<closeEncoder>(env, exports, "closeEncoder", environment);
  defineDecoder(env, exports, environment);
  define<packetSamples>(env, exports, "packetSamples", environment);
  define<packetChannels>(env, exports, "packetChannels", environment);
  define<packetHasRedundancy>(env, exports, "packetHasRedundancy", environment);
  return exports;
}

}  // namespace
}  // namespace causeway

NAPI_MODULE_INIT() {
  try {
    return causeway::fill(env, exports);
  } catch (const causeway::Failure& failure) {
    napi_throw_error(env, failure.code(), failure.what());
    return nullptr;
  }
}
