/* SRTP with AES_CM_128_HMAC_SHA1_80, on OpenSSL's ciphers (RFC 3711, sections 3 and 4). */
#include "srtp.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <string.h>

#include "bytes.h"

enum { AUTH_KEY_BYTES = 20, HMAC_BYTES = 20, BLOCK_BYTES = 16, LABEL_OFFSET = 7 };
enum label { LABEL_CIPHER_KEY = 0, LABEL_AUTH_KEY = 1, LABEL_SALT = 2 };

/* RFC 3711 section 4.3.1 with a key derivation rate of zero: AES-CM over salt XOR label. */
static bool derive(const uint8_t *master, enum label label, uint8_t *key, int key_bytes) {
  uint8_t counter[BLOCK_BYTES] = {0};
  memcpy(counter, master + SRTP_KEY_BYTES, SRTP_SALT_BYTES);
  counter[LABEL_OFFSET] ^= (uint8_t)label;
  memset(key, 0, (size_t)key_bytes);
  EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
  int written = 0;
  bool done = cipher != NULL &&
              EVP_EncryptInit_ex(cipher, EVP_aes_128_ctr(), NULL, master, counter) == 1 &&
              EVP_EncryptUpdate(cipher, key, &written, key, key_bytes) == 1;
  EVP_CIPHER_CTX_free(cipher);
  return done && written == key_bytes;
}

bool srtp_open(struct srtp *srtp, const uint8_t master[SRTP_MASTER_BYTES]) {
  uint8_t cipher_key[SRTP_KEY_BYTES];
  uint8_t auth_key[AUTH_KEY_BYTES];
  memset(srtp, 0, sizeof *srtp);
  if (!derive(master, LABEL_CIPHER_KEY, cipher_key, sizeof cipher_key) ||
      !derive(master, LABEL_AUTH_KEY, auth_key, sizeof auth_key) ||
      !derive(master, LABEL_SALT, srtp->salt, sizeof srtp->salt)) {
    return false;
  }
  EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
  char digest[] = "SHA1";
  OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                         OSSL_PARAM_construct_end()};
  srtp->cipher = EVP_CIPHER_CTX_new();
  srtp->mac = EVP_MAC_CTX_new(hmac);
  EVP_MAC_free(hmac);
  return srtp->cipher != NULL && srtp->mac != NULL &&
         EVP_EncryptInit_ex(srtp->cipher, EVP_aes_128_ctr(), NULL, cipher_key, NULL) == 1 &&
         EVP_MAC_init(srtp->mac, auth_key, sizeof auth_key, params) == 1;
}

void srtp_close(struct srtp *srtp) {
  EVP_CIPHER_CTX_free(srtp->cipher);
  EVP_MAC_CTX_free(srtp->mac);
  memset(srtp, 0, sizeof *srtp);
}

/* RFC 3711 section 4.1.1: the keystream of packet `index`; it encrypts and decrypts alike. */
static bool apply_keystream(struct srtp *srtp, uint32_t rollover, const uint8_t *packet,
                            uint8_t *payload, size_t bytes) {
  uint8_t counter[BLOCK_BYTES] = {0};
  memcpy(counter, srtp->salt, SRTP_SALT_BYTES);
  for (int i = 0; i < 4; i += 1) counter[4 + i] ^= packet[8 + i];
  for (int i = 0; i < 4; i += 1) counter[8 + i] ^= (uint8_t)(rollover >> (24 - 8 * i));
  counter[12] ^= packet[2];
  counter[13] ^= packet[3];
  int written = 0;
  return EVP_EncryptInit_ex(srtp->cipher, NULL, NULL, NULL, counter) == 1 &&
         EVP_EncryptUpdate(srtp->cipher, payload, &written, payload, (int)bytes) == 1;
}

/* RFC 3711 section 4.2: HMAC over the packet followed by the rollover counter. */
static bool authenticate(struct srtp *srtp, uint32_t rollover, const uint8_t *packet, size_t bytes,
                         uint8_t tag[HMAC_BYTES]) {
  uint8_t suffix[4];
  size_t written = 0;
  write32(suffix, rollover);
  return EVP_MAC_init(srtp->mac, NULL, 0, NULL) == 1 &&
         EVP_MAC_update(srtp->mac, packet, bytes) == 1 &&
         EVP_MAC_update(srtp->mac, suffix, sizeof suffix) == 1 &&
         EVP_MAC_final(srtp->mac, tag, &written, HMAC_BYTES) == 1;
}

/* RFC 3711 section 3.3.1: the rollover counter that puts `sequence` nearest to the highest seen. */
static uint32_t estimate_rollover(const struct srtp *srtp, uint32_t ssrc, uint16_t sequence) {
  if (!srtp->started || srtp->ssrc != ssrc) return 0;
  int distance = (int16_t)(uint16_t)(sequence - srtp->highest);
  if (distance > 0 && sequence < srtp->highest) return srtp->rollover + 1;
  if (distance < 0 && sequence > srtp->highest) return srtp->rollover - 1;
  return srtp->rollover;
}

static void commit(struct srtp *srtp, uint32_t ssrc, uint32_t rollover, uint16_t sequence) {
  bool newer = rollover > srtp->rollover ||
               (rollover == srtp->rollover && sequence > srtp->highest);
  if (srtp->started && srtp->ssrc == ssrc && !newer) return;
  srtp->started = true;
  srtp->ssrc = ssrc;
  srtp->rollover = rollover;
  srtp->highest = sequence;
}

size_t srtp_protect(struct srtp *srtp, uint8_t *packet, size_t header_bytes, size_t bytes) {
  uint32_t ssrc = read32(packet + 8);
  uint16_t sequence = read16(packet + 2);
  uint32_t rollover = estimate_rollover(srtp, ssrc, sequence);
  uint8_t tag[HMAC_BYTES];
  commit(srtp, ssrc, rollover, sequence);
  if (!apply_keystream(srtp, rollover, packet, packet + header_bytes, bytes - header_bytes) ||
      !authenticate(srtp, rollover, packet, bytes, tag)) {
    return 0;
  }
  memcpy(packet + bytes, tag, SRTP_TAG_BYTES);
  return bytes + SRTP_TAG_BYTES;
}

size_t srtp_unprotect(struct srtp *srtp, uint8_t *packet, size_t header_bytes, size_t bytes) {
  if (bytes < header_bytes + SRTP_TAG_BYTES) return 0;
  size_t plain_bytes = bytes - SRTP_TAG_BYTES;
  uint32_t ssrc = read32(packet + 8);
  uint16_t sequence = read16(packet + 2);
  uint32_t rollover = estimate_rollover(srtp, ssrc, sequence);
  uint8_t tag[HMAC_BYTES];
  if (!authenticate(srtp, rollover, packet, plain_bytes, tag)) return 0;
  if (CRYPTO_memcmp(tag, packet + plain_bytes, SRTP_TAG_BYTES) != 0) return 0;
  commit(srtp, ssrc, rollover, sequence);
  if (!apply_keystream(srtp, rollover, packet, packet + header_bytes,
                       plain_bytes - header_bytes)) {
    return 0;
  }
  return plain_bytes;
}
