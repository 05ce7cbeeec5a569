// Dtls of contract.ts over DtlsIdentity and DtlsAssociation.
#include "gateway/native/binding/environment.hpp"
#include "gateway/native/core/dtls-association.hpp"
#include "transcoder/native/shared/handle-table.hpp"

namespace causeway {
namespace {

constexpr uint32_t kMaxAssociations = 32768;
constexpr uint32_t kMaxIdentities = 4096;
constexpr uint32_t kMostProfiles = 8;
constexpr size_t kMaxDatagram = 65535;

struct DtlsFace final : Face {
  BioMethodPtr method = DtlsDatagrams::makeMethod();  // outlives the associations below it
  HandleTable<DtlsIdentity> identities{kMaxIdentities};
  HandleTable<DtlsAssociation> associations{kMaxAssociations};
};

DtlsAssociation& associationOf(const NapiCall& call) {
  return call.face<DtlsFace>().associations.get(call.int32(0));
}

const char* statusName(DtlsStatus status) noexcept {
  switch (status) {
    case DtlsStatus::handshaking:
      return "handshaking";
    case DtlsStatus::connected:
      return "connected";
    case DtlsStatus::closed:
      return "closed";
    case DtlsStatus::failed:
      return "failed";
  }
  return "failed";
}

std::string profilesOption(const NapiCall& call, napi_value options) {
  const std::optional<napi_value> list = call.property(options, "profiles");
  if (!list) return "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80:SRTP_AES128_CM_SHA1_32";
  uint32_t count = 0;
  check(napi_get_array_length(call.env(), *list, &count), "profiles is an array");
  if (count == 0 || count > kMostProfiles) {
    throw Failure("native.out_of_range", "one to eight profiles");
  }
  std::string joined;
  for (uint32_t i = 0; i < count; ++i) {
    napi_value item;
    check(napi_get_element(call.env(), *list, i, &item), "profiles");
    const std::string name = call.toText(item);
    const SrtpProfile* profile = findSrtpProfile(name);
    if (profile == nullptr || profile->dtlsName == nullptr) {
      throw Failure("native.bad_argument", "DTLS knows no SRTP profile " + name);
    }
    if (!joined.empty()) joined += ':';
    joined += profile->dtlsName;
  }
  return joined;
}

napi_value createIdentity(NapiCall& call) {
  auto& face = call.face<DtlsFace>();
  auto identity = std::make_unique<DtlsIdentity>();
  const napi_value fingerprints = call.object();
  for (const FingerprintHash& hash : kFingerprintHashes) {
    const std::string text = certificateFingerprint(identity->certificate(), hash.name);
    call.set(fingerprints, std::string(hash.name).c_str(), call.text(text));
  }
  const napi_value object = call.object();
  call.set(object, "fingerprints", fingerprints);
  call.set(object, "handle", call.integer(face.identities.insert(std::move(identity))));
  return object;
}

napi_value closeIdentity(NapiCall& call) {
  call.face<DtlsFace>().identities.take(call.int32(0));
  return call.undefined();
}

napi_value open(NapiCall& call) {
  auto& face = call.face<DtlsFace>();
  const napi_value options = call.value(0);
  const std::string role = call.toText(call.required(options, "role"));
  if (role != "client" && role != "server") {
    throw Failure("native.bad_argument", "a role is client or server");
  }
  const int32_t identity = call.toInt32(call.required(options, "identity"));
  return call.integer(face.associations.insert(std::make_unique<DtlsAssociation>(DtlsOptions{
      .identity = &face.identities.get(identity),
      .method = face.method.get(),
      .role = role == "client" ? DtlsRole::client : DtlsRole::server,
      .mtu = call.integerOr(options, "mtu", 1200, DtlsAssociation::kLeastMtu,
                            DtlsAssociation::kMostMtu),
      .profiles = profilesOption(call, options),
  })));
}

napi_value receive(NapiCall& call) {
  DtlsAssociation& association = associationOf(call);
  const ByteView datagram = call.toBytes(call.value(1));
  if (datagram.length > kMaxDatagram) throw Failure("native.out_of_range", "too long a datagram");
  return call.text(statusName(association.receive({datagram.bytes, datagram.length})));
}

napi_value takeOutgoing(NapiCall& call) {
  const std::optional<std::vector<uint8_t>> datagram = associationOf(call).takeOutgoing();
  return datagram ? call.bytes(datagram->data(), datagram->size()) : call.undefined();
}

napi_value timeoutMillis(NapiCall& call) {
  return call.number(static_cast<double>(associationOf(call).timeoutMillis()));
}

napi_value handleTimeout(NapiCall& call) {
  return call.text(statusName(associationOf(call).handleTimeout()));
}

napi_value status(NapiCall& call) { return call.text(statusName(associationOf(call).status())); }

napi_value failure(NapiCall& call) {
  const DtlsAssociation& association = associationOf(call);
  if (association.status() != DtlsStatus::failed) return call.undefined();
  return call.text(association.failure());
}

napi_value peerFingerprint(NapiCall& call) {
  return call.text(associationOf(call).peerFingerprint(call.toText(call.value(1))));
}

napi_value exportSrtp(NapiCall& call) {
  const DtlsSrtpKeys keys = associationOf(call).exportSrtp();
  const napi_value object = call.object();
  const auto put = [&](const char* name, const SecretBytes& octets) {
    call.set(object, name, call.bytes(octets.data(), octets.size()));
  };
  call.set(object, "profile", call.text(std::string(keys.profile->name)));
  put("localKey", keys.localKey);
  put("localSalt", keys.localSalt);
  put("remoteKey", keys.remoteKey);
  put("remoteSalt", keys.remoteSalt);
  return object;
}

napi_value shutdown(NapiCall& call) {
  associationOf(call).shutdown();
  return call.undefined();
}

napi_value close(NapiCall& call) {
  call.face<DtlsFace>().associations.take(call.int32(0));
  return call.undefined();
}

}  // namespace

napi_value openDtls(NapiCall& call) {
  auto& face = Environment::of(call.env()).adopt(std::make_unique<DtlsFace>());
  const napi_env env = call.env();
  const napi_value object = call.object();
  define<createIdentity>(env, object, "createIdentity", &face);
  define<closeIdentity>(env, object, "closeIdentity", &face);
  define<open>(env, object, "open", &face);
  define<receive>(env, object, "receive", &face);
  define<takeOutgoing>(env, object, "takeOutgoing", &face);
  define<timeoutMillis>(env, object, "timeoutMillis", &face);
  define<handleTimeout>(env, object, "handleTimeout", &face);
  define<status>(env, object, "status", &face);
  define<failure>(env, object, "failure", &face);
  define<peerFingerprint>(env, object, "peerFingerprint", &face);
  define<exportSrtp>(env, object, "exportSrtp", &face);
  define<shutdown>(env, object, "shutdown", &face);
  define<close>(env, object, "close", &face);
  return object;
}

}  // namespace causeway
