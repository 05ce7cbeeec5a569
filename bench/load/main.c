/* The load generator: opens the legs of many calls, takes their plan from stdin and runs the load.
 *
 *   relay-load LEGS ADDRESS FIRST_PORT CORE
 *
 * Leg n is bound to FIRST_PORT + 2n, its RTCP one above. Commands, one a line on stdin:
 *
 *   leg N rtp  ADDRESS PORT
 *   leg N sdes ADDRESS PORT OUR_KEY THEIR_KEY                    (base64 of master key and salt)
 *   leg N dtls ADDRESS PORT THEIR_UFRAG THEIR_PASSWORD OUR_UFRAG THEIR_FINGERPRINT
 *   connect                                       -> {"event":"connected"}
 *   run TICK_MICROS WARMUP_MS MEASURE_MS          -> window-open, window-close, result
 *
 * Everything it says is one JSON object a line; it starts with {"event":"ready"} and our DTLS
 * fingerprint, and ends with exit code 1 after {"event":"error"}. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bytes.h"
#include "dtls.h"
#include "leg.h"
#include "run.h"

enum { LINE_MAX_BYTES = 1024, LEGS_MAX = 8000, TOKENS_MAX = 10, IDLE_MS = 500 };

struct load {
  struct dtls_identity identity;
  struct leg *legs;
  uint32_t leg_count;
  uint16_t runs;
  bool connected;
};

static int fail(const char *what, const char *where) {
  printf("{\"event\":\"error\",\"message\":\"%s: %s\"}\n", where, what);
  fflush(stdout);
  return EXIT_FAILURE;
}

static bool decode_master(const char *text, uint8_t master[SRTP_MASTER_BYTES]) {
  /* 40 characters make exactly 30 octets: no padding to take off. */
  return strlen(text) == 4 * SRTP_MASTER_BYTES / 3 &&
         EVP_DecodeBlock(master, (const unsigned char *)text, (int)strlen(text)) ==
             SRTP_MASTER_BYTES;
}

static bool copy_token(char *to, size_t size, const char *token) {
  size_t length = strlen(token);
  if (length >= size) return false;
  memcpy(to, token, length + 1);
  return true;
}

static bool plan_keying(struct leg *leg, char **tokens, int count) {
  if (strcmp(tokens[2], "rtp") == 0 && count == 5) {
    leg->keying = KEYING_NONE;
    return true;
  }
  if (strcmp(tokens[2], "sdes") == 0 && count == 7) {
    leg->keying = KEYING_SDES;
    return decode_master(tokens[5], leg->keys.send) && decode_master(tokens[6], leg->keys.receive);
  }
  if (strcmp(tokens[2], "dtls") == 0 && count == 9) {
    leg->keying = KEYING_DTLS;
    return copy_token(leg->ice.remote_ufrag, sizeof leg->ice.remote_ufrag, tokens[5]) &&
           copy_token(leg->ice.remote_password, sizeof leg->ice.remote_password, tokens[6]) &&
           copy_token(leg->ice.local_ufrag, sizeof leg->ice.local_ufrag, tokens[7]) &&
           copy_token(leg->fingerprint, sizeof leg->fingerprint, tokens[8]);
  }
  return false;
}

static const char *plan_leg(struct load *load, char **tokens, int count) {
  if (count < 5) return "too few words";
  unsigned long index = strtoul(tokens[1], NULL, 10);
  unsigned long port = strtoul(tokens[4], NULL, 10);
  if (index >= load->leg_count) return "no such leg";
  struct leg *leg = &load->legs[index];
  leg->remote.sin_family = AF_INET;
  leg->remote.sin_port = htons((uint16_t)port);
  if (port == 0 || port > UINT16_MAX || inet_aton(tokens[3], &leg->remote.sin_addr) == 0) {
    return "no address";
  }
  if (!plan_keying(leg, tokens, count)) return "no such keying";
  leg->planned = true;
  return NULL;
}

static const char *connect_legs(struct load *load) {
  for (uint32_t i = 0; i < load->leg_count; i += 1) {
    const char *problem = leg_connect(&load->legs[i], &load->identity);
    if (problem != NULL) return problem;
  }
  load->connected = true;
  printf("{\"event\":\"connected\"}\n");
  fflush(stdout);
  return NULL;
}

static const char *run(struct load *load, char **tokens, int count) {
  if (count != 4) return "takes three numbers";
  load->runs += 1;
  struct run_plan plan = {
      .id = load->runs,
      .tick_nanos = strtol(tokens[1], NULL, 10) * 1000,
      .warmup_nanos = strtol(tokens[2], NULL, 10) * NANOS_PER_MILLI,
      .measure_nanos = strtol(tokens[3], NULL, 10) * NANOS_PER_MILLI,
  };
  if (plan.tick_nanos <= 0 || plan.measure_nanos <= 0) return "numbers must be positive";
  return run_load(load->legs, load->leg_count, &plan) ? NULL : "out of memory";
}

static const char *obey(struct load *load, char *line) {
  char *tokens[TOKENS_MAX];
  char *rest = NULL;
  int count = 0;
  for (char *token = strtok_r(line, " \n", &rest); token != NULL && count < TOKENS_MAX;
       token = strtok_r(NULL, " \n", &rest)) {
    tokens[count] = token;
    count += 1;
  }
  if (count == 0) return NULL;
  if (strcmp(tokens[0], "leg") == 0) return plan_leg(load, tokens, count);
  if (strcmp(tokens[0], "connect") == 0) return connect_legs(load);
  if (strcmp(tokens[0], "run") == 0) return run(load, tokens, count);
  return "no such command";
}

static bool pin_to(unsigned long core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  /* Ahead of whatever else runs on the core, where we may: a late tick turns packets that should
   * be apart into a burst. Without the privilege the lateness is reported all the same. */
  struct sched_param first = {.sched_priority = 1};
  sched_setscheduler(0, SCHED_FIFO, &first);
  /* The default slack of 50 µs would smear the ticks. */
  return prctl(PR_SET_TIMERSLACK, 1UL) == 0 && sched_setaffinity(0, sizeof cores, &cores) == 0;
}

static const char *open_legs(struct load *load, const char *address, uint16_t first_port) {
  struct sockaddr_in local = {.sin_family = AF_INET};
  if (inet_aton(address, &local.sin_addr) == 0) return "no address";
  load->legs = calloc(load->leg_count, sizeof *load->legs);
  if (load->legs == NULL) return "out of memory";
  for (uint32_t i = 0; i < load->leg_count; i += 1) {
    local.sin_port = htons((uint16_t)(first_port + 2 * i));
    const char *problem = leg_open(&load->legs[i], i, &local);
    if (problem != NULL) return problem;
  }
  return NULL;
}

/* The next command; legs that wait for it keep their consent, or the relay would give them up. */
static bool next_line(const struct load *load, char *line, int bytes) {
  struct pollfd commands = {.fd = STDIN_FILENO, .events = POLLIN};
  while (load->connected && poll(&commands, 1, IDLE_MS) == 0) {
    for (uint32_t i = 0; i < load->leg_count; i += 1) {
      leg_keep_consent(&load->legs[i], nanos_of(CLOCK_MONOTONIC));
    }
  }
  return fgets(line, bytes, stdin) != NULL;
}

int main(int argc, char **argv) {
  struct load load = {0};
  char line[LINE_MAX_BYTES];
  if (argc != 5) return fail("takes LEGS ADDRESS FIRST_PORT CORE", "arguments");
  load.leg_count = (uint32_t)strtoul(argv[1], NULL, 10);
  if (load.leg_count < 2 || load.leg_count % 2 != 0 || load.leg_count > LEGS_MAX) {
    return fail("must be an even number", "LEGS");
  }
  if (!pin_to(strtoul(argv[4], NULL, 10))) return fail("cannot be used", "CORE");
  if (!dtls_identity_open(&load.identity)) return fail("cannot be made", "certificate");
  const char *problem = open_legs(&load, argv[2], (uint16_t)strtoul(argv[3], NULL, 10));
  if (problem != NULL) return fail(problem, "legs");
  printf("{\"event\":\"ready\",\"fingerprint\":\"%s\"}\n", load.identity.fingerprint);
  fflush(stdout);
  /* Unbuffered, so that whatever is not read yet can be polled for. */
  setvbuf(stdin, NULL, _IONBF, 0);
  while (next_line(&load, line, sizeof line)) {
    char command[16] = "";
    sscanf(line, "%15s", command);
    problem = obey(&load, line);
    if (problem != NULL) return fail(problem, command);
  }
  for (uint32_t i = 0; i < load.leg_count; i += 1) leg_close(&load.legs[i]);
  free(load.legs);
  dtls_identity_close(&load.identity);
  return EXIT_SUCCESS;
}
