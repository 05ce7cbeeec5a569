/* The client's side of a DTLS-SRTP handshake over a connected socket (RFC 5763, RFC 5764). */
#ifndef BENCH_LOAD_DTLS_H
#define BENCH_LOAD_DTLS_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "srtp.h"

/* "AB:CD:…" of a SHA-256 digest, with its terminating zero. */
enum { FINGERPRINT_TEXT_BYTES = 96 };

/* One certificate for all legs, as a browser has one for all its connections of a page. */
struct dtls_identity {
  SSL_CTX *context;
  char fingerprint[FINGERPRINT_TEXT_BYTES];
};

/* Both directions' master key and salt, as `srtp_open` takes them. */
struct dtls_keys {
  uint8_t send[SRTP_MASTER_BYTES];
  uint8_t receive[SRTP_MASTER_BYTES];
};

bool dtls_identity_open(struct dtls_identity *identity);
void dtls_identity_close(struct dtls_identity *identity);

/* Handshakes to the end, blocking; the peer's certificate must have `fingerprint` (SHA-256).
 * Returns NULL, or what went wrong. */
const char *dtls_connect(const struct dtls_identity *identity, int socket, const char *fingerprint,
                         int timeout_ms, struct dtls_keys *keys);

#endif
