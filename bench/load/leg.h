/* One end of one relayed call: a socket, its keys, and the packets that it sends and judges. */
#ifndef BENCH_LOAD_LEG_H
#define BENCH_LOAD_LEG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "dtls.h"
#include "srtp.h"
#include "stun.h"

enum keying { KEYING_NONE, KEYING_SDES, KEYING_DTLS };

/* How the relay has renumbered the stream that arrives here; it must not change its mind. */
struct numbering {
  bool known;
  uint32_t ssrc;
  uint16_t sequence_offset;
  uint32_t timestamp_offset;
};

struct leg {
  uint32_t index;
  int rtp_socket;
  /* Bound so that the relay's RTCP meets no ICMP error, and never read. */
  int rtcp_socket;
  bool planned;
  struct sockaddr_in remote;

  enum keying keying;
  struct dtls_keys keys;
  struct ice_credentials ice;
  char fingerprint[FINGERPRINT_TEXT_BYTES];
  uint8_t check[STUN_TRANSACTION_BYTES];
  int64_t next_check_nanos;
  struct srtp outgoing;
  struct srtp incoming;

  uint32_t ssrc;
  uint16_t sequence;
  uint32_t timestamp;
  bool started;
  struct numbering numbering;
};

enum verdict {
  /* A packet of this run, authentic, its payload as it was sent. */
  VERDICT_MEDIA,
  /* The same, but SSRC, sequence number or timestamp jumped against what was sent. */
  VERDICT_RENUMBERED,
  /* Authentic, but not a payload that was ever sent. */
  VERDICT_CORRUPT,
  VERDICT_FORGED,
  VERDICT_STALE,
  VERDICT_CHECK_ANSWERED,
  VERDICT_RTCP,
};

struct arrival {
  enum verdict verdict;
  int64_t received_nanos;
  int64_t sent_nanos;
  uint32_t sender;
  uint64_t number;
};

enum { LEG_BATCH = 8 };

/* Binds `port` for RTP and `port + 1` for RTCP. Returns NULL, or what went wrong. */
const char *leg_open(struct leg *leg, uint32_t index, const struct sockaddr_in *local);
void leg_close(struct leg *leg);

/* Connects the socket, checks connectivity and agrees on keys, as far as the plan asks for it. */
const char *leg_connect(struct leg *leg, const struct dtls_identity *identity);

/* Sends one packet of 160 payload bytes that tells when it left; false if the kernel refused. */
bool leg_send(struct leg *leg, uint16_t run, uint64_t number);

/* Repeats the connectivity check when it is due, as consent demands (RFC 7675). */
void leg_keep_consent(struct leg *leg, int64_t now_nanos);

/* Reads up to a batch without waiting; returns how many arrivals were written. */
int leg_read(struct leg *leg, uint16_t run, struct arrival arrivals[LEG_BATCH]);

#endif
