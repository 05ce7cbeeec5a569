// PacketIo of contract.ts over the core of the same name.
#include "gateway/native/core/packet-io.hpp"

#include "gateway/native/binding/environment.hpp"
#include "gateway/native/binding/reactor.hpp"

namespace causeway {
namespace {

constexpr int32_t kMaxBufferBytes = 1 << 28;
constexpr int32_t kDescriptionBytes = kDatagramWords * 4;

struct PacketIoFace final : Face {
  std::shared_ptr<PacketIo> io = std::make_shared<PacketIo>();
  std::shared_ptr<Arena> table = std::make_shared<Arena>(kReceiveSlots, kDescriptionBytes);
  Reactor* reactor = nullptr;  // deletes itself after `stop`
  int32_t intervalMillis = 0;
  bool closed = false;
};

PacketIoFace& openFace(NapiCall& call) {
  auto& face = call.face<PacketIoFace>();
  if (face.closed) throw Failure("native.closed", "this PacketIo is closed");
  return face;
}

UdpAddress addressOption(const NapiCall& call, napi_value options, const char* address,
                         int32_t port) {
  const std::string literal = call.toText(call.required(options, address));
  return parseUdpAddress(literal, static_cast<uint16_t>(port));
}

napi_value openSocket(NapiCall& call) {
  PacketIoFace& face = openFace(call);
  const napi_value options = call.value(0);
  call.required(options, "port");
  const int32_t port = call.integerOr(options, "port", 0, 0, 65535);
  const UdpSocket& socket = face.io->openSocket({
      .address = addressOption(call, options, "address", port),
      .receiveBufferBytes = call.integerOr(options, "receiveBufferBytes", 0, 0, kMaxBufferBytes),
      .sendBufferBytes = call.integerOr(options, "sendBufferBytes", 0, 0, kMaxBufferBytes),
      .trafficClass = call.integerOr(options, "trafficClass", 0, 0, 255),
  });
  const napi_value opened = call.object();
  call.set(opened, "handle", call.integer(socket.handle));
  call.set(opened, "port", call.integer(socket.bound.port()));
  return opened;
}

napi_value closeSocket(NapiCall& call) {
  openFace(call).io->closeSocket(call.int32(0));
  return call.undefined();
}

napi_value openPath(NapiCall& call) {
  PacketIoFace& face = openFace(call);
  const napi_value options = call.value(0);
  call.required(options, "remotePort");
  const int32_t port = call.integerOr(options, "remotePort", 0, 1, 65535);
  UdpAddress local;
  const bool pinned = call.property(options, "localAddress").has_value();
  if (pinned) local = addressOption(call, options, "localAddress", 0);
  const int32_t socket = call.toInt32(call.required(options, "socket"));
  const UdpPathOptions path{
      .localAddress = pinned ? &local : nullptr,
      .remote = addressOption(call, options, "remoteAddress", port),
      .trafficClass = call.integerOr(options, "trafficClass", -1, 0, 255),
      .interfaceIndex =
          static_cast<uint32_t>(call.integerOr(options, "interfaceIndex", 0, 0, INT32_MAX)),
  };
  return call.integer(face.io->openPath(socket, path));
}

napi_value closePath(NapiCall& call) {
  openFace(call).io->closePath(call.int32(0));
  return call.undefined();
}

napi_value send(NapiCall& call) {
  openFace(call).io->send(call.int32(0), call.int32(1), call.int32(2));
  return nullptr;
}

napi_value flush(NapiCall& call) { return call.integer(openFace(call).io->flush()); }

napi_value allocateTransmit(NapiCall& call) {
  return call.integer(openFace(call).io->allocateTransmit());
}

napi_value setReadInterval(NapiCall& call) {
  PacketIoFace& face = openFace(call);
  const int32_t millis = call.int32(0);
  if (millis < 0 || millis > Reactor::kMaxIntervalMillis) {
    throw Failure("native.out_of_range", "an interval of 0 to 5 ms");
  }
  face.intervalMillis = millis;
  if (face.reactor != nullptr) face.reactor->setInterval(millis);
  return call.undefined();
}

napi_value start(NapiCall& call) {
  PacketIoFace& face = openFace(call);
  napi_valuetype type;
  check(napi_typeof(call.env(), call.value(0), &type), "no callback");
  if (type != napi_function) throw Failure("native.bad_argument", "a function is expected");
  if (face.reactor != nullptr) throw Failure("native.bad_argument", "it has started already");
  face.reactor = new Reactor(call.env(), face.io, face.table, call.value(0));
  face.reactor->setInterval(face.intervalMillis);
  return call.undefined();
}

napi_value counters(NapiCall& call) {
  const PacketIoFace& face = call.face<PacketIoFace>();
  const ReceiveCounters& in = face.io->received();
  const SendCounters& out = face.io->sent();
  const napi_value object = call.object();
  const auto put = [&](const char* name, uint64_t count) {
    call.set(object, name, call.number(static_cast<double>(count)));
  };
  put("received", in.datagrams);
  put("receivedBytes", in.bytes);
  put("sent", out.datagrams);
  put("sentBytes", out.bytes);
  put("batches", in.batches);
  put("flushes", out.flushes);
  put("truncated", in.truncated);
  put("receiveOverflows", in.overflows);
  put("sendWouldBlock", out.wouldBlock);
  put("sendNoBuffers", out.noBuffers);
  put("sendErrors", out.errors);
  put("icmpErrors", in.icmpErrors);
  put("queueFull", out.queueFull);
  return object;
}

napi_value socketCounters(NapiCall& call) {
  const UdpSocket& socket = openFace(call).io->counted(call.int32(0));
  const napi_value object = call.object();
  call.set(object, "received", call.number(static_cast<double>(socket.received)));
  call.set(object, "sent", call.number(static_cast<double>(socket.sent)));
  call.set(object, "receiveOverflows", call.number(static_cast<double>(socket.overflows)));
  return object;
}

napi_value close(NapiCall& call) {
  auto& face = call.face<PacketIoFace>();
  if (face.closed) return call.undefined();
  face.closed = true;
  if (face.reactor != nullptr) face.reactor->stop();
  face.reactor = nullptr;
  face.io->close();
  return call.undefined();
}

}  // namespace

napi_value openPacketIo(NapiCall& call) {
  Environment& environment = Environment::of(call.env());
  auto& face = environment.adopt(std::make_unique<PacketIoFace>());
  const napi_env env = call.env();
  const napi_value object = call.object();
  call.set(object, "arena", environment.expose(call, face.io->arena(), napi_uint8_array));
  call.set(object, "receiveInfo", environment.expose(call, face.table, napi_int32_array));

  define<openSocket>(env, object, "openSocket", &face);
  define<closeSocket>(env, object, "closeSocket", &face);
  define<openPath>(env, object, "openPath", &face);
  define<closePath>(env, object, "closePath", &face);
  define<send>(env, object, "send", &face);
  define<flush>(env, object, "flush", &face);
  define<allocateTransmit>(env, object, "allocateTransmit", &face);
  define<setReadInterval>(env, object, "setReadInterval", &face);
  define<start>(env, object, "start", &face);
  define<counters>(env, object, "counters", &face);
  define<socketCounters>(env, object, "socketCounters", &face);
  define<close>(env, object, "close", &face);
  return object;
}

}  // namespace causeway
