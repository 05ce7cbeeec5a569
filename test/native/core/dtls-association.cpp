// DTLS associations against each other over a network that the test commands (RFC 6347, RFC 5764).
#include "gateway/native/core/dtls-association.hpp"

#include <openssl/bn.h>
#include <openssl/param_build.h>

#include <algorithm>

#include "test/native/core/check.hpp"

namespace causeway::test {
namespace {

constexpr const char* kProfiles =
    "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80:SRTP_AES128_CM_SHA1_32";

struct Pair {
  explicit Pair(const char* clientProfiles = kProfiles, const char* serverProfiles = kProfiles,
                int mtu = 1200)
      : server({&serverIdentity, method.get(), DtlsRole::server, mtu, serverProfiles}),
        client({&clientIdentity, method.get(), DtlsRole::client, mtu, clientProfiles}) {}

  // Carries datagrams both ways until none is under way.
  void run() {
    for (bool moved = true; moved;) {
      moved = false;
      while (const auto datagram = client.takeOutgoing()) {
        server.receive(*datagram);
        moved = true;
      }
      while (const auto datagram = server.takeOutgoing()) {
        client.receive(*datagram);
        moved = true;
      }
    }
  }

  BioMethodPtr method = DtlsDatagrams::makeMethod();
  DtlsIdentity serverIdentity;
  DtlsIdentity clientIdentity;
  DtlsAssociation server;
  DtlsAssociation client;
};

void expectConnected(const Pair& pair) {
  expectEqual(pair.client.failure(), "", "the client's failure");
  expectEqual(pair.server.failure(), "", "the server's failure");
  expectTrue(pair.client.status() == DtlsStatus::connected, "the client is connected");
  expectTrue(pair.server.status() == DtlsStatus::connected, "the server is connected");
  expectEqual(ERR_peek_error(), 0UL, "errors left in OpenSSL's queue");
}

std::string hexOf(const SecretBytes& octets) { return toHex({octets.data(), octets.size()}); }

void connects() {
  Pair pair;
  pair.run();
  expectConnected(pair);
  const DtlsSrtpKeys client = pair.client.exportSrtp();
  const DtlsSrtpKeys server = pair.server.exportSrtp();
  expectEqual(client.profile->name, "AEAD_AES_128_GCM", "profile");
  expectEqual(hexOf(client.localKey), hexOf(server.remoteKey), "the client's key");
  expectEqual(hexOf(client.localSalt), hexOf(server.remoteSalt), "the client's salt");
  expectEqual(hexOf(client.remoteKey), hexOf(server.localKey), "the server's key");
  expectEqual(hexOf(client.remoteSalt), hexOf(server.localSalt), "the server's salt");
  expectTrue(hexOf(client.localKey) != hexOf(client.remoteKey), "two keys");
}

void tellsFingerprints() {
  Pair pair;
  pair.run();
  for (const FingerprintHash& hash : kFingerprintHashes) {
    expectEqual(pair.client.peerFingerprint(hash.name),
                certificateFingerprint(pair.serverIdentity.certificate(), hash.name), hash.name);
  }
  expectFailure("native.bad_argument", [&] { pair.client.peerFingerprint("md5"); });
}

void nothingBeforeTheEnd() {
  Pair pair;
  expectFailure("native.not_connected", [&] { pair.client.peerFingerprint("sha-256"); });
  expectFailure("native.not_connected", [&] { pair.server.exportSrtp(); });
}

void choosesProfile(const char* client, const char* server, std::string_view wanted) {
  Pair pair(client, server);
  pair.run();
  expectConnected(pair);
  expectEqual(pair.server.exportSrtp().profile->name, wanted, "profile");
}

void needsACommonProfile() {
  Pair pair("SRTP_AES128_CM_SHA1_80", "SRTP_AEAD_AES_128_GCM");
  pair.run();
  expectTrue(pair.server.status() == DtlsStatus::failed, "the server gives up");
  expectTrue(!pair.server.failure().empty(), "and says why");
}

// Cuts the one handshake message of a datagram into `parts` fragments (RFC 6347 §4.2.3).
std::vector<Octets> fragments(const std::vector<uint8_t>& datagram, size_t parts) {
  constexpr size_t kRecordHeader = 13;
  constexpr size_t kMessageHeader = 12;
  const size_t body = datagram.size() - kRecordHeader - kMessageHeader;
  const size_t step = (body + parts - 1) / parts;
  std::vector<Octets> made;
  for (size_t at = 0; at < body; at += step) {
    const size_t length = std::min(step, body - at);
    Octets one(datagram.begin(), datagram.begin() + kRecordHeader + kMessageHeader);
    // Record sequence numbers that what the client sends next does not repeat.
    one[10] = static_cast<uint8_t>(40 + made.size());
    one[11] = static_cast<uint8_t>((kMessageHeader + length) >> 8);
    one[12] = static_cast<uint8_t>(kMessageHeader + length);
    const auto write24 = [&](size_t to, size_t value) {
      one[to] = static_cast<uint8_t>(value >> 16);
      one[to + 1] = static_cast<uint8_t>(value >> 8);
      one[to + 2] = static_cast<uint8_t>(value);
    };
    write24(kRecordHeader + 6, at);
    write24(kRecordHeader + 9, length);
    const auto from = datagram.begin() + static_cast<long>(kRecordHeader + kMessageHeader + at);
    one.insert(one.end(), from, from + static_cast<long>(length));
    made.push_back(one);
  }
  return made;
}

void fragmentedHello(const std::vector<size_t>& order) {
  Pair pair;
  const std::vector<Octets> parts = fragments(*pair.client.takeOutgoing(), 3);
  expectEqual(parts.size(), size_t{3}, "fragments");
  for (const size_t part : order) pair.server.receive(parts[part]);
  pair.run();
  expectConnected(pair);
}

void smallMtu() {
  Pair pair(kProfiles, kProfiles, DtlsAssociation::kLeastMtu);
  for (bool moved = true; moved;) {
    moved = false;
    while (const auto datagram = pair.client.takeOutgoing()) {
      expectTrue(datagram->size() <= DtlsAssociation::kLeastMtu, "no longer than the MTU");
      pair.server.receive(*datagram);
      moved = true;
    }
    while (const auto datagram = pair.server.takeOutgoing()) {
      expectTrue(datagram->size() <= DtlsAssociation::kLeastMtu, "no longer than the MTU");
      pair.client.receive(*datagram);
      moved = true;
    }
  }
  expectConnected(pair);
}

// A key that claims the public half of `shown` and signs with the private half of `held`.
PrivateKeyPtr forgeKey(const EVP_PKEY* shown, const EVP_PKEY* held) {
  unsigned char point[133];
  size_t pointLength = 0;
  BIGNUM* scalar = nullptr;
  EVP_PKEY_get_octet_string_param(shown, "pub", point, sizeof point, &pointLength);
  EVP_PKEY_get_bn_param(held, "priv", &scalar);
  OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_utf8_string(builder, "group", "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder, "pub", point, pointLength);
  OSSL_PARAM_BLD_push_BN(builder, "priv", scalar);
  OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
  EVP_PKEY* forged = nullptr;
  EVP_PKEY_fromdata_init(context);
  EVP_PKEY_fromdata(context, &forged, EVP_PKEY_KEYPAIR, parameters);
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(parameters);
  OSSL_PARAM_BLD_free(builder);
  BN_clear_free(scalar);
  expectTrue(forged != nullptr, "a forged key");
  return PrivateKeyPtr(forged);
}

// Shows the certificate of a victim whose key it has not.
DtlsIdentity makeThief() {
  const PrivateKeyPtr victim = makePrivateKey();
  const PrivateKeyPtr own = makePrivateKey();
  return DtlsIdentity(forgeKey(victim.get(), own.get()), makeCertificate(victim.get()));
}

void stolenCertificate(DtlsRole role) {
  const BioMethodPtr method = DtlsDatagrams::makeMethod();
  const DtlsIdentity honest;
  const DtlsIdentity thief = makeThief();
  const bool attacksServer = role == DtlsRole::client;
  DtlsAssociation client({attacksServer ? &thief : &honest, method.get(), DtlsRole::client, 1200,
                          kProfiles});
  DtlsAssociation server({attacksServer ? &honest : &thief, method.get(), DtlsRole::server, 1200,
                          kProfiles});
  for (int round = 0; round < 10; ++round) {
    while (const auto datagram = client.takeOutgoing()) server.receive(*datagram);
    while (const auto datagram = server.takeOutgoing()) client.receive(*datagram);
  }
  const DtlsAssociation& attacked = attacksServer ? server : client;
  expectTrue(attacked.status() == DtlsStatus::failed, "the attacked end fails");
  expectEqual(attacked.failure(), "bad signature", "because of");
  expectFailure("native.not_connected", [&] { attacked.exportSrtp(); });
}

// Every datagram of the handshake altered in turn, in a place that the test picks: no alteration
// may lead to two connected ends with a different idea of the handshake.
void alteredHandshake() {
  size_t failed = 0;
  for (uint32_t target = 0; target < 400; ++target) {
    Pair pair;
    uint32_t at = 0;
    bool altered = false;
    const auto carry = [&](DtlsAssociation& from, DtlsAssociation& to) {
      bool moved = false;
      while (auto datagram = from.takeOutgoing()) {
        for (size_t i = 0; i < datagram->size() && !altered; i += 5) {
          if (at++ != target) continue;
          (*datagram)[i] ^= 0x01;
          altered = true;
        }
        to.receive(*datagram);
        moved = true;
      }
      return moved;
    };
    while (carry(pair.client, pair.server) || carry(pair.server, pair.client)) {
    }
    if (!altered) break;
    const bool both = pair.client.status() == DtlsStatus::connected &&
                      pair.server.status() == DtlsStatus::connected;
    if (!both) {
      ++failed;
      continue;
    }
    // A record header may be altered without harm; then the two still agree on everything.
    expectEqual(hexOf(pair.client.exportSrtp().localKey), hexOf(pair.server.exportSrtp().remoteKey),
                "keys");
    expectEqual(pair.client.peerFingerprint("sha-256"),
                certificateFingerprint(pair.serverIdentity.certificate(), "sha-256"), "peer");
  }
  expectTrue(failed > 150, "most alterations end the handshake or are dropped");
}

void strangersAfterwards() {
  Pair pair;
  const std::vector<uint8_t> hello = *pair.client.takeOutgoing();
  pair.server.receive(hello);
  pair.run();
  expectConnected(pair);
  const Octets fatalAlert = fromHex("15fefd00000000000000630002" "0228");
  const Octets closeNotify = fromHex("15fefd00000000000000640002" "0100");
  Pair stranger;
  for (const Octets& datagram :
       {hello, *stranger.client.takeOutgoing(), fatalAlert, closeNotify, Octets{}, Octets(1, 22)}) {
    pair.server.receive(datagram);
    pair.client.receive(datagram);
  }
  expectConnected(pair);
  expectTrue(!pair.server.takeOutgoing() && !pair.client.takeOutgoing(), "no answer either");
}

void lostFlights() {
  Pair pair;
  pair.client.takeOutgoing();
  expectTrue(pair.client.timeoutMillis() > 0 && pair.client.timeoutMillis() <= 250, "deadline");
  expectEqual(pair.server.timeoutMillis(), int64_t{-1}, "a server that has heard nothing");
  expectTrue(pair.client.handleTimeout() == DtlsStatus::handshaking, "not due yet: nothing");
  expectTrue(!pair.client.takeOutgoing(), "nothing to repeat");
}

void closing() {
  Pair pair;
  pair.run();
  pair.client.shutdown();
  expectTrue(pair.client.status() == DtlsStatus::closed, "closed here");
  pair.run();
  expectTrue(pair.server.status() == DtlsStatus::closed, "and there");
  expectEqual(pair.server.timeoutMillis(), int64_t{-1}, "no deadline");
  pair.client.shutdown();
  expectEqual(ERR_peek_error(), 0UL, "errors left in OpenSSL's queue");
}

void freshCertificates() {
  const DtlsIdentity one;
  const DtlsIdentity other;
  expectTrue(certificateFingerprint(one.certificate(), "sha-256") !=
                 certificateFingerprint(other.certificate(), "sha-256"),
             "two fingerprints");
  expectEqual(X509_verify(const_cast<X509*>(one.certificate()), const_cast<EVP_PKEY*>(one.key())),
              1, "self-signed");
}

}  // namespace
}  // namespace causeway::test

int main() {
  using namespace causeway::test;
  return runCases({
      {"two ends connect, and each exports the other's keys", connects},
      {"the peer's fingerprint is told by every hash", tellsFingerprints},
      {"there is no fingerprint and no key before the handshake is done", nothingBeforeTheEnd},
      {"the server's preference chooses the profile",
       [] {
         choosesProfile("SRTP_AES128_CM_SHA1_32:SRTP_AES128_CM_SHA1_80",
                        "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80:SRTP_AES128_CM_SHA1_32",
                        "AES_CM_128_HMAC_SHA1_80");
       }},
      {"AEAD_AES_256_GCM can be agreed on",
       [] {
         choosesProfile("SRTP_AEAD_AES_256_GCM", "SRTP_AEAD_AES_256_GCM", "AEAD_AES_256_GCM");
       }},
      {"without a common SRTP profile there is no association", needsACommonProfile},
      {"a ClientHello in three fragments is reassembled", [] { fragmentedHello({0, 1, 2}); }},
      {"so it is when they come in reverse", [] { fragmentedHello({2, 1, 0}); }},
      {"so it is when one comes twice and late", [] { fragmentedHello({1, 2, 1, 0}); }},
      {"no datagram is longer than the MTU", smallMtu},
      {"a client cannot show a certificate without its key",
       [] { stolenCertificate(causeway::DtlsRole::client); }},
      {"nor can a server", [] { stolenCertificate(causeway::DtlsRole::server); }},
      {"an altered handshake never ends in two different views of it", alteredHandshake},
      {"an association ignores ClientHellos and plain alerts of strangers", strangersAfterwards},
      {"a client that has sent its first flight has a deadline", lostFlights},
      {"close_notify closes both ends", closing},
      {"every identity is fresh and signs itself", freshCertificates},
  });
}
