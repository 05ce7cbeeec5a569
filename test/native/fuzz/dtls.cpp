// Feeds DTLS associations arbitrary datagrams, before and after a handshake, and altered flights.
#include <algorithm>
#include <cstdlib>
#include <memory>

#include "gateway/native/core/dtls-association.hpp"

namespace {

using namespace causeway;

// Where the input goes: as datagrams to one end, or as alterations of a handshake's own.
enum class Mode : uint8_t { toServer, toClient, amidHandshake, afterHandshake, alterations };
constexpr uint8_t kModes = 5;

struct Ends {
  std::unique_ptr<DtlsAssociation> client;
  std::unique_ptr<DtlsAssociation> server;

  void carry() {
    for (int round = 0; round < 8; ++round) {
      while (const auto datagram = client->takeOutgoing()) server->receive(*datagram);
      while (const auto datagram = server->takeOutgoing()) client->receive(*datagram);
    }
  }
};

// Datagrams come as a length octet, taken eight times, and so many octets.
template <typename Receive>
void deliver(const uint8_t* input, size_t size, Receive receive) {
  while (size > 0) {
    const size_t length = std::min<size_t>(size_t{input[0]} * 8, size - 1);
    receive(std::span<const uint8_t>(input + 1, length));
    input += 1 + length;
    size -= 1 + length;
  }
}

// Octets of the input in threes: which datagram, where in it (times eight), and what to flip.
void alterFlights(Ends& ends, const uint8_t* input, size_t size) {
  uint8_t number = 0;
  const auto alter = [&](std::vector<uint8_t> datagram) {
    for (size_t i = 0; i + 2 < size; i += 3) {
      if (input[i] % 16 != number) continue;
      datagram[(size_t{input[i + 1]} * 8 + input[i] / 16) % datagram.size()] ^= input[i + 2];
    }
    ++number;
    return datagram;
  };
  for (int round = 0; round < 8; ++round) {
    while (const auto datagram = ends.client->takeOutgoing()) {
      ends.server->receive(alter(*datagram));
    }
    while (const auto datagram = ends.server->takeOutgoing()) {
      ends.client->receive(alter(*datagram));
    }
  }
}

void require(bool holds) {
  if (!holds) std::abort();
}

bool isConnected(const DtlsAssociation& association) {
  return association.status() == DtlsStatus::connected;
}

void requireSameKeys(const Ends& ends) {
  const DtlsSrtpKeys client = ends.client->exportSrtp();
  const DtlsSrtpKeys server = ends.server->exportSrtp();
  require(std::equal(client.localKey.data(), client.localKey.data() + client.localKey.size(),
                     server.remoteKey.data()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  static const BioMethodPtr method = DtlsDatagrams::makeMethod();
  static const DtlsIdentity identity;
  if (size < 2) return 0;
  const auto open = [&](DtlsRole role) {
    return std::make_unique<DtlsAssociation>(
        DtlsOptions{&identity, method.get(), role, 1200, "SRTP_AES128_CM_SHA1_80"});
  };
  Ends ends{open(DtlsRole::client), open(DtlsRole::server)};
  const Mode mode{static_cast<uint8_t>(input[0] % kModes)};
  if (mode == Mode::alterations) {
    alterFlights(ends, input + 1, size - 1);
    if (isConnected(*ends.client) && isConnected(*ends.server)) requireSameKeys(ends);
    require(ERR_peek_error() == 0);
    return 0;
  }
  if (mode == Mode::afterHandshake) ends.carry();
  if (mode == Mode::amidHandshake) ends.server->receive(*ends.client->takeOutgoing());

  DtlsAssociation& target = mode == Mode::toClient ? *ends.client : *ends.server;
  deliver(input + 1, size - 1, [&](std::span<const uint8_t> datagram) {
    target.receive(datagram);
    target.timeoutMillis();
  });
  // Only who holds the keys can connect an association, or end one that is connected.
  require(isConnected(target) == (mode == Mode::afterHandshake));
  require(ERR_peek_error() == 0);
  return 0;
}
