/* The one STUN exchange that a browser's ICE agent repeats: an authenticated Binding request that
 * nominates (RFC 8489; RFC 8445, section 7). */
#ifndef BENCH_LOAD_STUN_H
#define BENCH_LOAD_STUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STUN_TRANSACTION_BYTES = 12, STUN_MAX_BYTES = 300, STUN_CREDENTIAL_MAX = 128 };

/* What both descriptions said, as seen from the side that checks. */
struct ice_credentials {
  char remote_ufrag[STUN_CREDENTIAL_MAX];
  char remote_password[STUN_CREDENTIAL_MAX];
  char local_ufrag[STUN_CREDENTIAL_MAX];
};

/* Writes a Binding request with USE-CANDIDATE, integrity and fingerprint; returns its size. */
size_t stun_write_check(uint8_t message[STUN_MAX_BYTES], const struct ice_credentials *ice,
                        const uint8_t transaction[STUN_TRANSACTION_BYTES]);

/* Whether `message` is an authentic success response to that transaction. */
bool stun_is_success(const uint8_t *message, size_t bytes, const struct ice_credentials *ice,
                     const uint8_t transaction[STUN_TRANSACTION_BYTES]);

#endif
