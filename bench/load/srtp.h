/* SRTP with AES_CM_128_HMAC_SHA1_80 for one direction of one stream (RFC 3711, section 4). */
#ifndef BENCH_LOAD_SRTP_H
#define BENCH_LOAD_SRTP_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SRTP_KEY_BYTES = 16, SRTP_SALT_BYTES = 14, SRTP_MASTER_BYTES = 30, SRTP_TAG_BYTES = 10 };

/* One cryptographic context: the keys of a direction and the index of its only SSRC. */
struct srtp {
  EVP_CIPHER_CTX *cipher;
  EVP_MAC_CTX *mac;
  uint8_t salt[SRTP_SALT_BYTES];
  bool started;
  uint32_t ssrc;
  uint32_t rollover;
  uint16_t highest;
};

/* `master` is the master key followed by the master salt, as SDES writes them. */
bool srtp_open(struct srtp *srtp, const uint8_t master[SRTP_MASTER_BYTES]);
void srtp_close(struct srtp *srtp);

/* Encrypts the payload in place and appends the tag; `packet` has room for it. Returns the size. */
size_t srtp_protect(struct srtp *srtp, uint8_t *packet, size_t header_bytes, size_t bytes);

/* Checks the tag, then decrypts in place. Returns the size without the tag, or 0 if forged. */
size_t srtp_unprotect(struct srtp *srtp, uint8_t *packet, size_t header_bytes, size_t bytes);

#endif
