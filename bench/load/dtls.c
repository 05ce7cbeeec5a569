/* Handshakes as a DTLS 1.2 client with use_srtp and exports the keys (RFC 5764, section 4). */
#include "dtls.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/x509.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "bytes.h"

enum { CERTIFICATE_DAYS = 30, LINK_MTU = 1200 };

static bool fingerprint_of(X509 *certificate, char text[FINGERPRINT_TEXT_BYTES]) {
  uint8_t digest[EVP_MAX_MD_SIZE];
  unsigned int bytes = 0;
  if (X509_digest(certificate, EVP_sha256(), digest, &bytes) != 1) return false;
  for (unsigned int i = 0; i < bytes; i += 1) {
    snprintf(text + 3 * i, 4, i + 1 < bytes ? "%02X:" : "%02X", digest[i]);
  }
  return true;
}

static X509 *self_sign(EVP_PKEY *key) {
  X509 *certificate = X509_new();
  if (certificate == NULL) return NULL;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -24L * 3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), CERTIFICATE_DAYS * 24L * 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME *name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"load", -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  if (X509_sign(certificate, key, EVP_sha256()) == 0) {
    X509_free(certificate);
    return NULL;
  }
  return certificate;
}

/* The chain is judged by its fingerprint after the handshake: there is no authority to ask. */
static int accept_any(int preverified, X509_STORE_CTX *store) {
  (void)preverified;
  (void)store;
  return 1;
}

bool dtls_identity_open(struct dtls_identity *identity) {
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *certificate = key == NULL ? NULL : self_sign(key);
  SSL_CTX *context = SSL_CTX_new(DTLS_client_method());
  bool ready = certificate != NULL && context != NULL &&
               SSL_CTX_use_certificate(context, certificate) == 1 &&
               SSL_CTX_use_PrivateKey(context, key) == 1 &&
               /* This call alone answers 0 for success. */
               SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AES128_CM_SHA1_80") == 0 &&
               fingerprint_of(certificate, identity->fingerprint);
  if (ready) SSL_CTX_set_verify(context, SSL_VERIFY_PEER, accept_any);
  identity->context = context;
  X509_free(certificate);
  EVP_PKEY_free(key);
  return ready;
}

void dtls_identity_close(struct dtls_identity *identity) {
  SSL_CTX_free(identity->context);
  identity->context = NULL;
}

static const char *shake_hands(SSL *ssl, int socket, int timeout_ms) {
  int64_t until = nanos_of(CLOCK_MONOTONIC) + timeout_ms * NANOS_PER_MILLI;
  for (;;) {
    int result = SSL_connect(ssl);
    if (result == 1) return NULL;
    if (SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ) return "DTLS handshake refused";
    int64_t left_ms = (until - nanos_of(CLOCK_MONOTONIC)) / NANOS_PER_MILLI;
    if (left_ms <= 0) return "DTLS handshake timed out";
    struct timeval retransmit = {.tv_sec = 1};
    DTLSv1_get_timeout(ssl, &retransmit);
    int64_t wait_ms = retransmit.tv_sec * 1000 + retransmit.tv_usec / 1000 + 1;
    struct pollfd readable = {.fd = socket, .events = POLLIN};
    if (poll(&readable, 1, (int)(wait_ms < left_ms ? wait_ms : left_ms)) == 0) {
      DTLSv1_handle_timeout(ssl);
    }
  }
}

/* RFC 5764 section 4.2: client key, server key, client salt, server salt. */
static const char *export_keys(SSL *ssl, struct dtls_keys *keys) {
  static const char label[] = "EXTRACTOR-dtls_srtp";
  uint8_t material[2 * SRTP_MASTER_BYTES];
  if (SSL_get_selected_srtp_profile(ssl) == NULL) return "no SRTP profile agreed";
  if (SSL_export_keying_material(ssl, material, sizeof material, label, sizeof label - 1, NULL, 0,
                                 0) != 1) {
    return "keys not exported";
  }
  const uint8_t *salts = material + 2 * SRTP_KEY_BYTES;
  memcpy(keys->send, material, SRTP_KEY_BYTES);
  memcpy(keys->send + SRTP_KEY_BYTES, salts, SRTP_SALT_BYTES);
  memcpy(keys->receive, material + SRTP_KEY_BYTES, SRTP_KEY_BYTES);
  memcpy(keys->receive + SRTP_KEY_BYTES, salts + SRTP_SALT_BYTES, SRTP_SALT_BYTES);
  return NULL;
}

static const char *check_fingerprint(SSL *ssl, const char *expected) {
  char text[FINGERPRINT_TEXT_BYTES];
  X509 *certificate = SSL_get1_peer_certificate(ssl);
  bool same = certificate != NULL && fingerprint_of(certificate, text) &&
              strcasecmp(text, expected) == 0;
  X509_free(certificate);
  return same ? NULL : "certificate has another fingerprint";
}

const char *dtls_connect(const struct dtls_identity *identity, int socket, const char *fingerprint,
                         int timeout_ms, struct dtls_keys *keys) {
  struct sockaddr_storage peer;
  socklen_t peer_bytes = sizeof peer;
  if (getpeername(socket, (struct sockaddr *)&peer, &peer_bytes) != 0) return "not connected";
  SSL *ssl = SSL_new(identity->context);
  BIO *datagrams = BIO_new_dgram(socket, BIO_NOCLOSE);
  if (ssl == NULL || datagrams == NULL) return "out of memory";
  BIO_ctrl(datagrams, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &peer);
  SSL_set_bio(ssl, datagrams, datagrams);
  SSL_set_options(ssl, SSL_OP_NO_QUERY_MTU);
  DTLS_set_link_mtu(ssl, LINK_MTU);
  const char *problem = shake_hands(ssl, socket, timeout_ms);
  if (problem == NULL) problem = check_fingerprint(ssl, fingerprint);
  if (problem == NULL) problem = export_keys(ssl, keys);
  SSL_free(ssl);
  return problem;
}
