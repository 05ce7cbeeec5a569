// Srtp of contract.ts over SrtpContext.
#include "gateway/native/core/srtp-context.hpp"

#include "gateway/native/binding/environment.hpp"
#include "transcoder/native/shared/handle-table.hpp"

namespace causeway {
namespace {

constexpr uint32_t kMaxContexts = 65536;

struct SrtpFace final : Face {
  explicit SrtpFace(std::shared_ptr<Arena> shared) : arena(std::move(shared)) {}

  std::shared_ptr<Arena> arena;
  std::shared_ptr<CounterModeEngine> engine = std::make_shared<CounterModeEngine>();
  HandleTable<SrtpContext> contexts{kMaxContexts};
};

Bytes bytesOf(const NapiCall& call, napi_value value) {
  const ByteView view = call.toBytes(value);
  return Bytes(view.bytes, view.length);
}

napi_value open(NapiCall& call) {
  auto& face = call.face<SrtpFace>();
  const napi_value options = call.value(0);
  const std::string name = call.toText(call.required(options, "profile"));
  const std::string direction = call.toText(call.required(options, "direction"));
  const SrtpProfile* profile = findSrtpProfile(name);
  if (profile == nullptr) throw Failure("native.bad_argument", "no SRTP profile " + name);
  if (direction != "protect" && direction != "unprotect") {
    throw Failure("native.bad_argument", "a direction is protect or unprotect");
  }
  const std::optional<napi_value> mki = call.property(options, "mki");
  const SrtpOptions srtp{
      .profile = profile,
      .direction = direction == "protect" ? SrtpDirection::protect : SrtpDirection::unprotect,
      .masterKey = bytesOf(call, call.required(options, "masterKey")),
      .masterSalt = bytesOf(call, call.required(options, "masterSalt")),
      .mki = mki ? bytesOf(call, *mki) : Bytes{},
      .replayWindow = static_cast<uint32_t>(call.integerOr(
          options, "replayWindow", 128, SrtpContext::kLeastWindow, SrtpContext::kMostWindow)),
      .maxStreams = static_cast<uint32_t>(
          call.integerOr(options, "maxStreams", 256, 1, SrtpContext::kMostStreams)),
      .engine = face.engine,
  };
  return call.integer(face.contexts.insert(std::make_unique<SrtpContext>(srtp)));
}

// The packet that the three integers of a call name, and the context to use on it.
struct Packet {
  Packet(NapiCall& call, SrtpDirection direction)
      : context(call.face<SrtpFace>().contexts.get(call.int32(0))),
        offset(call.int32(1)),
        length(call.int32(2)),
        bytes(call.face<SrtpFace>().arena->at(offset, length)),
        room(Arena::roomAt(offset)) {
    if (context.direction() != direction) {
      throw Failure("native.wrong_direction", "this key is for the other direction");
    }
  }

  SrtpContext& context;
  int32_t offset;
  int32_t length;
  uint8_t* bytes;
  int32_t room;
};

napi_value protectRtp(NapiCall& call) {
  const Packet packet(call, SrtpDirection::protect);
  return call.integer(packet.context.protectRtp(packet.bytes, packet.length, packet.room));
}

napi_value unprotectRtp(NapiCall& call) {
  const Packet packet(call, SrtpDirection::unprotect);
  return call.integer(packet.context.unprotectRtp(packet.bytes, packet.length));
}

napi_value protectRtcp(NapiCall& call) {
  const Packet packet(call, SrtpDirection::protect);
  return call.integer(packet.context.protectRtcp(packet.bytes, packet.length, packet.room));
}

napi_value unprotectRtcp(NapiCall& call) {
  const Packet packet(call, SrtpDirection::unprotect);
  return call.integer(packet.context.unprotectRtcp(packet.bytes, packet.length));
}

napi_value streamState(NapiCall& call) {
  SrtpContext& context = call.face<SrtpFace>().contexts.get(call.int32(0));
  const std::optional<SrtpStreamState> state = context.streamState(call.uint32(1));
  if (!state) return call.undefined();
  const napi_value object = call.object();
  call.set(object, "rolloverCounter", call.number(state->rolloverCounter));
  call.set(object, "highestSequence", call.number(state->highestSequence));
  call.set(object, "rtcpIndex", call.number(static_cast<double>(state->rtcpIndex)));
  call.set(object, "rtpStarted", call.boolean(state->rtpStarted));
  return object;
}

napi_value setStreamState(NapiCall& call) {
  SrtpContext& context = call.face<SrtpFace>().contexts.get(call.int32(0));
  const uint32_t ssrc = call.uint32(1);
  const napi_value object = call.value(2);
  bool rtpStarted = false;
  check(napi_get_value_bool(call.env(), call.required(object, "rtpStarted"), &rtpStarted),
        "rtpStarted is a boolean");
  call.required(object, "rtcpIndex");
  call.required(object, "highestSequence");
  context.setStreamState(
      ssrc, {
                .rolloverCounter = call.toUint32(call.required(object, "rolloverCounter")),
                .highestSequence = static_cast<uint16_t>(
                    call.integerOr(object, "highestSequence", 0, 0, 65535)),
                .rtpStarted = rtpStarted,
                .rtcpIndex = call.integerOr(object, "rtcpIndex", -1, -1, INT32_MAX),
            });
  return call.undefined();
}

napi_value close(NapiCall& call) {
  call.face<SrtpFace>().contexts.take(call.int32(0));
  return call.undefined();
}

}  // namespace

napi_value openSrtp(NapiCall& call) {
  Environment& environment = Environment::of(call.env());
  auto& face = environment.adopt(
      std::make_unique<SrtpFace>(environment.arenaOf(call, call.value(0))));
  const napi_env env = call.env();
  const napi_value object = call.object();
  define<open>(env, object, "open", &face);
  define<protectRtp>(env, object, "protectRtp", &face);
  define<unprotectRtp>(env, object, "unprotectRtp", &face);
  define<protectRtcp>(env, object, "protectRtcp", &face);
  define<unprotectRtcp>(env, object, "unprotectRtcp", &face);
  define<streamState>(env, object, "streamState", &face);
  define<setStreamState>(env, object, "setStreamState", &face);
  define<close>(env, object, "close", &face);
  return object;
}

}  // namespace causeway
