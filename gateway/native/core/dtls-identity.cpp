// A certificate of our own, made fresh, and the context of all associations that show it.
#include "gateway/native/core/dtls-identity.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/rand.h>

namespace causeway {
namespace {

constexpr long kDaySeconds = 24 * 60 * 60;
constexpr long kLifetimeSeconds = 365 * kDaySeconds;
// 112 bits: no RSA key below 2048 bits, no SHA-1 signature.
constexpr int kSecurityLevel = 2;

// Forward secrecy and authenticated encryption only; a peer with an RSA certificate is welcome.
constexpr const char* kCipherSuites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";

// No chain is checked: OpenSSL proves that the peer has the certificate's key, and the caller
// that the certificate is the one in the signalling (RFC 5763 §5).
int acceptAnyCertificate(int, X509_STORE_CTX*) { return 1; }

SslContextPtr makeContext(X509* certificate, EVP_PKEY* key) {
  SslContextPtr context(SSL_CTX_new(DTLS_method()));
  requireCrypto(context != nullptr, "SSL_CTX");
  SSL_CTX* raw = context.get();
  SSL_CTX_set_options(raw, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                               SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_security_level(raw, kSecurityLevel);
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     acceptAnyCertificate);
  requireCrypto(SSL_CTX_set_min_proto_version(raw, DTLS1_2_VERSION) == 1 &&
                    SSL_CTX_set_cipher_list(raw, kCipherSuites) == 1 &&
                    SSL_CTX_set1_groups_list(raw, "X25519:P-256:P-384") == 1 &&
                    SSL_CTX_use_certificate(raw, certificate) == 1 &&
                    SSL_CTX_use_PrivateKey(raw, key) == 1,
                "DTLS context");
  return context;
}

}  // namespace

PrivateKeyPtr makePrivateKey() {
  PrivateKeyPtr key(EVP_EC_gen("P-256"));
  requireCrypto(key != nullptr, "ECDSA key");
  return key;
}

// Nothing in it tells who we are: a random serial, a fixed name, a day of clock error allowed.
CertificatePtr makeCertificate(EVP_PKEY* key) {
  CertificatePtr certificate(X509_new());
  requireCrypto(certificate != nullptr, "certificate");
  X509* raw = certificate.get();
  uint64_t serial = 0;
  X509_NAME* name = X509_get_subject_name(raw);
  constexpr unsigned char kCommonName[] = "WebRTC";
  requireCrypto(
      RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1 &&
          X509_set_version(raw, X509_VERSION_3) == 1 &&
          ASN1_INTEGER_set_uint64(X509_get_serialNumber(raw), serial >> 1 | 1) == 1 &&
          X509_gmtime_adj(X509_getm_notBefore(raw), -kDaySeconds) != nullptr &&
          X509_gmtime_adj(X509_getm_notAfter(raw), kLifetimeSeconds) != nullptr &&
          X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kCommonName, -1, -1, 0) == 1 &&
          X509_set_issuer_name(raw, name) == 1 && X509_set_pubkey(raw, key) == 1 &&
          X509_sign(raw, key, EVP_sha256()) > 0,
      "certificate");
  return certificate;
}

DtlsIdentity::DtlsIdentity() {
  const CleanErrorQueue clean;
  key_ = makePrivateKey();
  certificate_ = makeCertificate(key_.get());
  context_ = makeContext(certificate_.get(), key_.get());
}

DtlsIdentity::DtlsIdentity(PrivateKeyPtr key, CertificatePtr certificate)
    : key_(std::move(key)), certificate_(std::move(certificate)) {
  const CleanErrorQueue clean;
  context_ = makeContext(certificate_.get(), key_.get());
}

std::string certificateFingerprint(const X509* certificate, std::string_view hash) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const CleanErrorQueue clean;
  for (const FingerprintHash& known : kFingerprintHashes) {
    if (known.name != hash) continue;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    requireCrypto(X509_digest(certificate, known.digest(), digest, &length) == 1, "fingerprint");
    std::string text;
    for (unsigned int i = 0; i < length; ++i) {
      if (i > 0) text += ':';
      text += kDigits[digest[i] >> 4];
      text += kDigits[digest[i] & 15];
    }
    return text;
  }
  throw Failure("native.bad_argument", "no such fingerprint hash");
}

}  // namespace causeway
