/* Sends and judges the packets of one leg (RFC 3550, section 5.1; RFC 7983 for what is muxed). */
#include "leg.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bytes.h"

enum {
  RTP_HEADER_BYTES = 12,
  PAYLOAD_BYTES = 160,
  PACKET_MAX_BYTES = 512,
  PAYLOAD_TYPE_PCMU = 0,
  SAMPLES_A_PACKET = 160,
};
/* Where the payload says what it is; the rest is filled with a pattern of the packet's number. */
enum {
  AT_RUN = 0,
  AT_SEQUENCE = 2,
  AT_TIMESTAMP = 4,
  AT_SENDER = 8,
  AT_NUMBER = 12,
  AT_SENT = 20,
  AT_PATTERN = 28,
};
enum { CHECK_TRIES = 20, CHECK_WAIT_MS = 250, HANDSHAKE_TIMEOUT_MS = 10000 };
/* Chromium's interval for a connection that works. */
#define CONSENT_NANOS (2500 * NANOS_PER_MILLI)

static int bind_socket(const struct sockaddr_in *local, uint16_t port_offset) {
  struct sockaddr_in address = *local;
  address.sin_port = htons((uint16_t)(ntohs(local->sin_port) + port_offset));
  int handle = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;
  if (handle < 0) return -1;
  if (setsockopt(handle, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0 ||
      bind(handle, (struct sockaddr *)&address, sizeof address) != 0) {
    close(handle);
    return -1;
  }
  return handle;
}

const char *leg_open(struct leg *leg, uint32_t index, const struct sockaddr_in *local) {
  memset(leg, 0, sizeof *leg);
  leg->index = index;
  leg->rtcp_socket = -1;
  leg->rtp_socket = bind_socket(local, 0);
  if (leg->rtp_socket < 0) return "cannot bind the RTP port";
  leg->rtcp_socket = bind_socket(local, 1);
  if (leg->rtcp_socket < 0) return "cannot bind the RTCP port";
  RAND_bytes((uint8_t *)&leg->ssrc, sizeof leg->ssrc);
  RAND_bytes((uint8_t *)&leg->timestamp, sizeof leg->timestamp);
  RAND_bytes((uint8_t *)&leg->sequence, sizeof leg->sequence);
  /* Below 2^15, so that the first packets lost cannot make the peer misjudge the rollover. */
  leg->sequence &= 0x7fff;
  return NULL;
}

void leg_close(struct leg *leg) {
  if (leg->rtp_socket >= 0) close(leg->rtp_socket);
  if (leg->rtcp_socket >= 0) close(leg->rtcp_socket);
  srtp_close(&leg->outgoing);
  srtp_close(&leg->incoming);
}

static void send_check(struct leg *leg) {
  uint8_t message[STUN_MAX_BYTES];
  RAND_bytes(leg->check, sizeof leg->check);
  size_t bytes = stun_write_check(message, &leg->ice, leg->check);
  send(leg->rtp_socket, message, bytes, 0);
}

static const char *check_connectivity(struct leg *leg) {
  for (int i = 0; i < CHECK_TRIES; i += 1) {
    send_check(leg);
    struct pollfd readable = {.fd = leg->rtp_socket, .events = POLLIN};
    while (poll(&readable, 1, CHECK_WAIT_MS) > 0) {
      uint8_t answer[PACKET_MAX_BYTES];
      ssize_t bytes = recv(leg->rtp_socket, answer, sizeof answer, 0);
      if (bytes > 0 && stun_is_success(answer, (size_t)bytes, &leg->ice, leg->check)) return NULL;
    }
  }
  return "no authentic answer to connectivity checks";
}

const char *leg_connect(struct leg *leg, const struct dtls_identity *identity) {
  const char *problem = NULL;
  if (!leg->planned) return "not planned";
  if (connect(leg->rtp_socket, (struct sockaddr *)&leg->remote, sizeof leg->remote) != 0) {
    return "cannot connect the socket";
  }
  if (leg->keying == KEYING_NONE) return NULL;
  if (leg->keying == KEYING_DTLS) {
    problem = check_connectivity(leg);
    if (problem == NULL) {
      problem = dtls_connect(identity, leg->rtp_socket, leg->fingerprint, HANDSHAKE_TIMEOUT_MS,
                             &leg->keys);
    }
    leg->next_check_nanos = nanos_of(CLOCK_MONOTONIC) + CONSENT_NANOS;
  }
  if (problem != NULL) return problem;
  bool keyed = srtp_open(&leg->outgoing, leg->keys.send) &&
               srtp_open(&leg->incoming, leg->keys.receive);
  return keyed ? NULL : "SRTP context refused";
}

static uint8_t pattern(uint32_t sender, uint64_t number, int at) {
  return (uint8_t)(sender * 31 + number * 7 + (uint64_t)at);
}

static void write_payload(const struct leg *leg, uint8_t *payload, uint16_t run, uint64_t number) {
  write16(payload + AT_RUN, run);
  write16(payload + AT_SEQUENCE, leg->sequence);
  write32(payload + AT_TIMESTAMP, leg->timestamp);
  write32(payload + AT_SENDER, leg->index);
  write64(payload + AT_NUMBER, number);
  write64(payload + AT_SENT, (uint64_t)nanos_of(CLOCK_REALTIME));
  for (int at = AT_PATTERN; at < PAYLOAD_BYTES; at += 1) {
    payload[at] = pattern(leg->index, number, at);
  }
}

bool leg_send(struct leg *leg, uint16_t run, uint64_t number) {
  uint8_t packet[PACKET_MAX_BYTES];
  size_t bytes = RTP_HEADER_BYTES + PAYLOAD_BYTES;
  packet[0] = 0x80;
  packet[1] = (uint8_t)((leg->started ? 0 : 0x80) | PAYLOAD_TYPE_PCMU);
  write16(packet + 2, leg->sequence);
  write32(packet + 4, leg->timestamp);
  write32(packet + 8, leg->ssrc);
  write_payload(leg, packet + RTP_HEADER_BYTES, run, number);
  leg->started = true;
  leg->sequence += 1;
  leg->timestamp += SAMPLES_A_PACKET;
  if (leg->keying != KEYING_NONE) {
    bytes = srtp_protect(&leg->outgoing, packet, RTP_HEADER_BYTES, bytes);
  }
  return send(leg->rtp_socket, packet, bytes, 0) == (ssize_t)bytes;
}

void leg_keep_consent(struct leg *leg, int64_t now_nanos) {
  if (leg->keying != KEYING_DTLS || now_nanos < leg->next_check_nanos) return;
  leg->next_check_nanos = now_nanos + CONSENT_NANOS;
  send_check(leg);
}

static size_t header_bytes_of(const uint8_t *packet, size_t bytes) {
  size_t header = RTP_HEADER_BYTES + 4 * (size_t)(packet[0] & 0x0f);
  if ((packet[0] & 0x10) != 0) {
    if (bytes < header + 4) return bytes;
    header += 4 + 4 * (size_t)read16(packet + header + 2);
  }
  return header < bytes ? header : bytes;
}

/* Whether the relay's offsets against what was sent are those of the packets before. */
static bool keeps_numbering(struct leg *leg, const uint8_t *packet, const uint8_t *payload) {
  struct numbering now = {
      .known = true,
      .ssrc = read32(packet + 8),
      .sequence_offset = (uint16_t)(read16(packet + 2) - read16(payload + AT_SEQUENCE)),
      .timestamp_offset = read32(packet + 4) - read32(payload + AT_TIMESTAMP),
  };
  struct numbering before = leg->numbering;
  leg->numbering = now;
  return !before.known ||
         (before.ssrc == now.ssrc && before.sequence_offset == now.sequence_offset &&
          before.timestamp_offset == now.timestamp_offset);
}

static enum verdict judge_media(struct leg *leg, uint8_t *packet, size_t bytes, uint16_t run,
                                struct arrival *arrival) {
  size_t header = header_bytes_of(packet, bytes);
  if (leg->keying != KEYING_NONE) {
    bytes = srtp_unprotect(&leg->incoming, packet, header, bytes);
    if (bytes == 0) return VERDICT_FORGED;
  }
  const uint8_t *payload = packet + header;
  if (bytes - header != PAYLOAD_BYTES || (packet[1] & 0x7f) != PAYLOAD_TYPE_PCMU) {
    return VERDICT_CORRUPT;
  }
  arrival->sender = read32(payload + AT_SENDER);
  arrival->number = read64(payload + AT_NUMBER);
  arrival->sent_nanos = (int64_t)read64(payload + AT_SENT);
  for (int at = AT_PATTERN; at < PAYLOAD_BYTES; at += 1) {
    if (payload[at] != pattern(arrival->sender, arrival->number, at)) return VERDICT_CORRUPT;
  }
  if (read16(payload + AT_RUN) != run) return VERDICT_STALE;
  return keeps_numbering(leg, packet, payload) ? VERDICT_MEDIA : VERDICT_RENUMBERED;
}

static enum verdict judge(struct leg *leg, uint8_t *packet, size_t bytes, uint16_t run,
                          struct arrival *arrival) {
  if (leg->keying == KEYING_DTLS && stun_is_success(packet, bytes, &leg->ice, leg->check)) {
    return VERDICT_CHECK_ANSWERED;
  }
  if (bytes < RTP_HEADER_BYTES || packet[0] >> 6 != 2) return VERDICT_CORRUPT;
  /* RFC 5761 section 4: packet types 192 to 223 are RTCP's. */
  if (packet[1] >= 192 && packet[1] <= 223) return VERDICT_RTCP;
  return judge_media(leg, packet, bytes, run, arrival);
}

static int64_t kernel_time_of(struct msghdr *message) {
  for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec time;
      memcpy(&time, CMSG_DATA(c), sizeof time);
      return (int64_t)time.tv_sec * NANOS_PER_SECOND + time.tv_nsec;
    }
  }
  return nanos_of(CLOCK_REALTIME);
}

int leg_read(struct leg *leg, uint16_t run, struct arrival arrivals[LEG_BATCH]) {
  uint8_t packets[LEG_BATCH][PACKET_MAX_BYTES];
  uint8_t controls[LEG_BATCH][CMSG_SPACE(sizeof(struct timespec))];
  struct iovec vectors[LEG_BATCH];
  struct mmsghdr messages[LEG_BATCH];
  for (int i = 0; i < LEG_BATCH; i += 1) {
    vectors[i] = (struct iovec){.iov_base = packets[i], .iov_len = PACKET_MAX_BYTES};
    messages[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &vectors[i],
                                               .msg_iovlen = 1,
                                               .msg_control = controls[i],
                                               .msg_controllen = sizeof controls[i]}};
  }
  int count = recvmmsg(leg->rtp_socket, messages, LEG_BATCH, 0, NULL);
  for (int i = 0; i < count; i += 1) {
    arrivals[i].received_nanos = kernel_time_of(&messages[i].msg_hdr);
    arrivals[i].verdict = judge(leg, packets[i], messages[i].msg_len, run, &arrivals[i]);
  }
  return count < 0 ? 0 : count;
}
