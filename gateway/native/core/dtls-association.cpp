// One DTLS-SRTP association without a socket (RFC 5764): datagrams in and out, a deadline.
#include "gateway/native/core/dtls-association.hpp"

#include <openssl/srtp.h>
#include <sys/time.h>

#include <algorithm>

namespace causeway {
namespace {

// RFC 6347 §4.2.4.1 advises one second, for paths that nobody has measured. Ours has carried ICE
// checks already, and a caller waits: so a quarter, doubling up to four seconds.
constexpr unsigned int kFirstTimeoutMicros = 250'000;
constexpr unsigned int kLastTimeoutMicros = 4'000'000;

constexpr char kExporterLabel[] = "EXTRACTOR-dtls_srtp";  // RFC 5764 §4.2

unsigned int nextTimeout(SSL*, unsigned int micros) {
  return micros == 0 ? kFirstTimeoutMicros : std::min(micros * 2, kLastTimeoutMicros);
}

const SrtpProfile* profileNamed(std::string_view dtlsName) noexcept {
  for (const SrtpProfile& profile : kSrtpProfiles) {
    if (profile.dtlsName != nullptr && profile.dtlsName == dtlsName) return &profile;
  }
  return nullptr;
}

SecretBytes takeOctets(const SecretBytes& from, size_t& offset, size_t length) {
  SecretBytes taken(length);
  std::copy_n(from.data() + offset, length, taken.data());
  offset += length;
  return taken;
}

}  // namespace

// No cookie exchange and no DTLSv1_listen: ICE has proved the return path, and DTLSv1_listen
// cannot read a ClientHello that comes in fragments.
DtlsAssociation::DtlsAssociation(const DtlsOptions& options)
    : role_(options.role), datagrams_(options.mtu) {
  const CleanErrorQueue clean;
  ssl_.reset(SSL_new(options.identity->context()));
  requireCrypto(ssl_ != nullptr, "SSL");
  SSL* ssl = ssl_.get();
  BIO* bio = datagrams_.makeBio(options.method);
  SSL_set_bio(ssl, bio, bio);
  // Gives 0 when it has succeeded.
  requireCrypto(SSL_set_tlsext_use_srtp(ssl, options.profiles.c_str()) == 0, "use_srtp");
  requireCrypto(SSL_set_mtu(ssl, options.mtu) != 0, "MTU");
  DTLS_set_timer_cb(ssl, nextTimeout);
  if (role_ == DtlsRole::client) {
    SSL_set_connect_state(ssl);
    handshake();
  } else {
    SSL_set_accept_state(ssl);
  }
}

DtlsStatus DtlsAssociation::receive(std::span<const uint8_t> datagram) {
  if (status_ == DtlsStatus::closed || status_ == DtlsStatus::failed) return status_;
  const CleanErrorQueue clean;
  datagrams_.beginInput(datagram);
  advance();
  datagrams_.endInput();
  return status_;
}

void DtlsAssociation::advance() {
  if (status_ == DtlsStatus::handshaking) handshake();
  if (status_ == DtlsStatus::connected) readRecords();
}

void DtlsAssociation::handshake() {
  const int done = SSL_do_handshake(ssl_.get());
  if (done == 1) return finishHandshake();
  const int error = SSL_get_error(ssl_.get(), done);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
  fail(firstOpenSslError("the handshake failed"));
}

// Without use_srtp the association is of no use, and without a certificate of no meaning.
void DtlsAssociation::finishHandshake() {
  const SRTP_PROTECTION_PROFILE* selected = SSL_get_selected_srtp_profile(ssl_.get());
  profile_ = selected != nullptr ? profileNamed(selected->name) : nullptr;
  peer_.reset(SSL_get1_peer_certificate(ssl_.get()));
  if (profile_ == nullptr) return fail("the peer agreed on no SRTP profile");
  if (!peer_) return fail("the peer showed no certificate");
  status_ = DtlsStatus::connected;
}

// Alerts, and repetitions of the peer's last flight, which OpenSSL answers with ours. Application
// data has no meaning here and is thrown away.
void DtlsAssociation::readRecords() {
  uint8_t discarded[2048];
  for (;;) {
    const int length = SSL_read(ssl_.get(), discarded, sizeof discarded);
    if (length > 0) continue;
    switch (SSL_get_error(ssl_.get(), length)) {
      case SSL_ERROR_WANT_READ:
      case SSL_ERROR_WANT_WRITE:
        return;
      case SSL_ERROR_ZERO_RETURN:
        status_ = DtlsStatus::closed;
        return;
      default:
        return fail(firstOpenSslError("the association broke"));
    }
  }
}

int64_t DtlsAssociation::timeoutMillis() {
  if (status_ == DtlsStatus::closed || status_ == DtlsStatus::failed) return -1;
  timeval left{};
  if (DTLSv1_get_timeout(ssl_.get(), &left) != 1) return -1;
  return left.tv_sec * 1000 + (left.tv_usec + 999) / 1000;
}

DtlsStatus DtlsAssociation::handleTimeout() {
  if (status_ == DtlsStatus::closed || status_ == DtlsStatus::failed) return status_;
  const CleanErrorQueue clean;
  if (DTLSv1_handle_timeout(ssl_.get()) < 0) fail(firstOpenSslError("the peer never answered"));
  return status_;
}

void DtlsAssociation::shutdown() {
  if (status_ == DtlsStatus::closed || status_ == DtlsStatus::failed) return;
  const CleanErrorQueue clean;
  if (status_ == DtlsStatus::connected) SSL_shutdown(ssl_.get());
  status_ = DtlsStatus::closed;
}

void DtlsAssociation::fail(std::string reason) {
  status_ = DtlsStatus::failed;
  failure_ = std::move(reason);
}

void DtlsAssociation::requireKeys() const {
  if (profile_ == nullptr || !peer_ || status_ == DtlsStatus::failed) {
    throw Failure("native.not_connected", "the handshake is not done");
  }
}

std::string DtlsAssociation::peerFingerprint(std::string_view hash) const {
  requireKeys();
  return certificateFingerprint(peer_.get(), hash);
}

// Client key, server key, client salt, server salt (RFC 5764 §4.2).
DtlsSrtpKeys DtlsAssociation::exportSrtp() const {
  requireKeys();
  const CleanErrorQueue clean;
  SecretBytes material(2 * (profile_->keyBytes + profile_->saltBytes));
  requireCrypto(SSL_export_keying_material(ssl_.get(), material.data(), material.size(),
                                           kExporterLabel, sizeof kExporterLabel - 1, nullptr, 0,
                                           0) == 1,
                "key export");
  size_t offset = 0;
  SecretBytes clientKey = takeOctets(material, offset, profile_->keyBytes);
  SecretBytes serverKey = takeOctets(material, offset, profile_->keyBytes);
  SecretBytes clientSalt = takeOctets(material, offset, profile_->saltBytes);
  SecretBytes serverSalt = takeOctets(material, offset, profile_->saltBytes);
  if (role_ == DtlsRole::client) {
    return {profile_, std::move(clientKey), std::move(clientSalt), std::move(serverKey),
            std::move(serverSalt)};
  }
  return {profile_, std::move(serverKey), std::move(serverSalt), std::move(clientKey),
          std::move(clientSalt)};
}

}  // namespace causeway
