// One DTLS-SRTP association without a socket (RFC 5764): datagrams in and out, a deadline.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/native/core/dtls-datagrams.hpp"
#include "gateway/native/core/dtls-identity.hpp"
#include "gateway/native/core/srtp-keys.hpp"
#include "gateway/native/core/srtp-profile.hpp"

namespace causeway {

enum class DtlsRole { client, server };
enum class DtlsStatus { handshaking, connected, closed, failed };

struct DtlsOptions {
  const DtlsIdentity* identity;
  const BIO_METHOD* method;
  DtlsRole role;
  int mtu = 1200;
  std::string profiles;  // OpenSSL's names, joined by colons, in order of preference
};

struct DtlsSrtpKeys {
  const SrtpProfile* profile;
  SecretBytes localKey;
  SecretBytes localSalt;
  SecretBytes remoteKey;
  SecretBytes remoteSalt;
};

class DtlsAssociation {
 public:
  static constexpr int kLeastMtu = 256;
  static constexpr int kMostMtu = 1452;

  explicit DtlsAssociation(const DtlsOptions& options);

  DtlsStatus receive(std::span<const uint8_t> datagram);
  std::optional<std::vector<uint8_t>> takeOutgoing() { return datagrams_.takeOutgoing(); }
  // Milliseconds until handleTimeout is due, or -1.
  int64_t timeoutMillis();
  DtlsStatus handleTimeout();
  void shutdown();

  DtlsStatus status() const noexcept { return status_; }
  const std::string& failure() const noexcept { return failure_; }
  // Both throw native.not_connected before the handshake is done.
  std::string peerFingerprint(std::string_view hash) const;
  DtlsSrtpKeys exportSrtp() const;

 private:
  void advance();
  void handshake();
  void readRecords();
  void finishHandshake();
  void fail(std::string reason);
  void requireKeys() const;

  DtlsRole role_;
  DtlsStatus status_ = DtlsStatus::handshaking;
  std::string failure_;
  const SrtpProfile* profile_ = nullptr;
  CertificatePtr peer_;
  DtlsDatagrams datagrams_;
  SslPtr ssl_;  // after datagrams_: it goes first, and its BIO with it
};

}  // namespace causeway
