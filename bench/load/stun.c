/* Writes ICE connectivity checks and recognises their answers (RFC 8489; RFC 8445, section 7). */
#include "stun.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "bytes.h"

enum {
  HEADER_BYTES = 20,
  ATTRIBUTE_HEADER_BYTES = 4,
  INTEGRITY_BYTES = 20,
  FINGERPRINT_BYTES = 4,
};
enum { BINDING_REQUEST = 0x0001, BINDING_SUCCESS = 0x0101 };
enum {
  ATTRIBUTE_USERNAME = 0x0006,
  ATTRIBUTE_MESSAGE_INTEGRITY = 0x0008,
  ATTRIBUTE_PRIORITY = 0x0024,
  ATTRIBUTE_USE_CANDIDATE = 0x0025,
  ATTRIBUTE_FINGERPRINT = 0x8028,
  ATTRIBUTE_ICE_CONTROLLING = 0x802a,
};
#define MAGIC_COOKIE 0x2112a442u
#define FINGERPRINT_MASK 0x5354554eu
/* A host candidate of the highest local preference (RFC 8445, section 5.1.2.1). */
#define HOST_PRIORITY 0x7effffffu

/* CRC-32 of ITU V.42, bit by bit: a check is written a few dozen times a second. */
static uint32_t crc32(const uint8_t *bytes, size_t count) {
  uint32_t crc = 0xffffffffu;
  for (size_t i = 0; i < count; i += 1) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit += 1) crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

static size_t append(uint8_t *message, size_t at, uint16_t type, const void *value, size_t bytes) {
  write16(message + at, type);
  write16(message + at + 2, (uint16_t)bytes);
  memset(message + at + ATTRIBUTE_HEADER_BYTES, 0, (bytes + 3) & ~(size_t)3);
  if (bytes > 0) memcpy(message + at + ATTRIBUTE_HEADER_BYTES, value, bytes);
  return at + ATTRIBUTE_HEADER_BYTES + ((bytes + 3) & ~(size_t)3);
}

/* The length field counts up to and including the attribute being computed (section 14.5). */
static void sign(uint8_t *message, size_t at, const char *password, uint8_t tag[INTEGRITY_BYTES]) {
  unsigned int written = 0;
  write16(message + 2, (uint16_t)(at + ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES - HEADER_BYTES));
  HMAC(EVP_sha1(), password, (int)strlen(password), message, at, tag, &written);
}

size_t stun_write_check(uint8_t message[STUN_MAX_BYTES], const struct ice_credentials *ice,
                        const uint8_t transaction[STUN_TRANSACTION_BYTES]) {
  char username[2 * STUN_CREDENTIAL_MAX];
  uint8_t priority[4];
  uint8_t tie_breaker[8];
  uint8_t tag[INTEGRITY_BYTES];
  uint8_t fingerprint[FINGERPRINT_BYTES];
  size_t remote = strlen(ice->remote_ufrag);
  memcpy(username, ice->remote_ufrag, remote);
  username[remote] = ':';
  strcpy(username + remote + 1, ice->local_ufrag);
  write32(priority, HOST_PRIORITY);
  memset(tie_breaker, 0xff, sizeof tie_breaker);

  write16(message, BINDING_REQUEST);
  write32(message + 4, MAGIC_COOKIE);
  memcpy(message + 8, transaction, STUN_TRANSACTION_BYTES);
  size_t at = HEADER_BYTES;
  at = append(message, at, ATTRIBUTE_USERNAME, username, strlen(username));
  at = append(message, at, ATTRIBUTE_PRIORITY, priority, sizeof priority);
  at = append(message, at, ATTRIBUTE_ICE_CONTROLLING, tie_breaker, sizeof tie_breaker);
  at = append(message, at, ATTRIBUTE_USE_CANDIDATE, NULL, 0);
  sign(message, at, ice->remote_password, tag);
  at = append(message, at, ATTRIBUTE_MESSAGE_INTEGRITY, tag, sizeof tag);
  write16(message + 2,
          (uint16_t)(at + ATTRIBUTE_HEADER_BYTES + FINGERPRINT_BYTES - HEADER_BYTES));
  write32(fingerprint, crc32(message, at) ^ FINGERPRINT_MASK);
  return append(message, at, ATTRIBUTE_FINGERPRINT, fingerprint, sizeof fingerprint);
}

bool stun_is_success(const uint8_t *message, size_t bytes, const struct ice_credentials *ice,
                     const uint8_t transaction[STUN_TRANSACTION_BYTES]) {
  uint8_t copy[STUN_MAX_BYTES];
  if (bytes < HEADER_BYTES || bytes > sizeof copy || read16(message) != BINDING_SUCCESS) {
    return false;
  }
  if (read32(message + 4) != MAGIC_COOKIE ||
      memcmp(message + 8, transaction, STUN_TRANSACTION_BYTES) != 0) {
    return false;
  }
  memcpy(copy, message, bytes);
  for (size_t at = HEADER_BYTES; at + ATTRIBUTE_HEADER_BYTES <= bytes;) {
    size_t length = read16(message + at + 2);
    if (at + ATTRIBUTE_HEADER_BYTES + length > bytes) return false;
    if (read16(message + at) == ATTRIBUTE_MESSAGE_INTEGRITY && length == INTEGRITY_BYTES) {
      uint8_t tag[INTEGRITY_BYTES];
      sign(copy, at, ice->remote_password, tag);
      return memcmp(tag, message + at + ATTRIBUTE_HEADER_BYTES, INTEGRITY_BYTES) == 0;
    }
    at += ATTRIBUTE_HEADER_BYTES + ((length + 3) & ~(size_t)3);
  }
  return false;
}
