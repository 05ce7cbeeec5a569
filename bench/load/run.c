/* Paces the packets of all legs by an absolute clock and tallies what the relay gives back. */
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bytes.h"
#include "histogram.h"

enum { PACKETS_A_SECOND = 50 };
#define PACKET_NANOS (NANOS_PER_SECOND / PACKETS_A_SECOND)
/* Every socket is read this often; arrival times are the kernel's, so waiting costs no accuracy,
 * and no reader sleeps on a socket, so the relay under test pays for no wake-up of ours. */
#define READ_NANOS (10 * NANOS_PER_MILLI)
#define LEAD_NANOS (20 * NANOS_PER_MILLI)
/* Load goes on past the window, so that whoever samples at its end still samples under load. */
#define TAIL_NANOS (300 * NANOS_PER_MILLI)
/* What is still under way after the last packet was sent has this long to arrive. */
#define SETTLE_NANOS (500 * NANOS_PER_MILLI)

/* Counts of packets sent within the window, and of whatever else arrived within it. */
struct tally {
  uint64_t sent;
  uint64_t received;
  uint64_t refused;
  uint64_t duplicates;
  uint64_t misdirected;
  uint64_t forged;
  uint64_t corrupt;
  uint64_t renumbered;
  uint64_t rtcp;
  struct histogram delay;
  struct histogram lateness;
};

struct run {
  struct leg *legs;
  uint32_t leg_count;
  const struct run_plan *plan;
  /* Packet n of the run is due n * spacing after its start; n modulo leg_count names the sender. */
  int64_t spacing_nanos;
  int64_t start_nanos;
  uint64_t window_first;
  uint64_t window_end;
  uint64_t total;
  uint64_t next;
  uint32_t read_next;
  int64_t read_debt_nanos;
  bool window_is_open;
  uint8_t *seen;
  uint32_t *received_by_leg;
  struct tally tally;
};

/* Neighbours in time are of different calls and alternate between the sides, and the two ends of
 * a call are half a period apart: with whole batches of one kind a relay would have it easier. */
static uint32_t sender_of(const struct run *run, uint64_t number) {
  uint32_t turn = (uint32_t)(number % run->leg_count);
  uint32_t calls = run->leg_count / 2;
  uint32_t call = turn / 2;
  return turn % 2 == 0 ? 2 * call : 2 * ((call + calls / 2) % calls) + 1;
}

static bool in_window(const struct run *run, uint64_t number) {
  return number >= run->window_first && number < run->window_end;
}

static void count_media(struct run *run, uint32_t leg, const struct arrival *arrival) {
  if (arrival->number >= run->total || arrival->sender != (leg ^ 1) ||
      sender_of(run, arrival->number) != arrival->sender) {
    run->tally.misdirected += 1;
    return;
  }
  if (run->seen[arrival->number] != 0) {
    run->tally.duplicates += 1;
    return;
  }
  run->seen[arrival->number] = 1;
  if (!in_window(run, arrival->number)) return;
  run->tally.received += 1;
  run->received_by_leg[leg] += 1;
  histogram_add(&run->tally.delay, arrival->received_nanos - arrival->sent_nanos);
}

static void count(struct run *run, uint32_t leg, const struct arrival *arrival) {
  switch (arrival->verdict) {
    case VERDICT_RENUMBERED:
      run->tally.renumbered += run->window_is_open;
      count_media(run, leg, arrival);
      break;
    case VERDICT_MEDIA:
      count_media(run, leg, arrival);
      break;
    case VERDICT_CORRUPT:
      run->tally.corrupt += run->window_is_open;
      break;
    case VERDICT_FORGED:
      run->tally.forged += run->window_is_open;
      break;
    case VERDICT_RTCP:
      run->tally.rtcp += run->window_is_open;
      break;
    case VERDICT_STALE:
    case VERDICT_CHECK_ANSWERED:
      break;
  }
}

static void read_leg(struct run *run, uint32_t leg, int64_t now_nanos) {
  struct arrival arrivals[LEG_BATCH];
  int batch = leg_read(&run->legs[leg], run->plan->id, arrivals);
  for (int i = 0; i < batch; i += 1) count(run, leg, &arrivals[i]);
  leg_keep_consent(&run->legs[leg], now_nanos);
}

/* Reads so many legs that each has its turn every READ_NANOS. */
static void read_some(struct run *run, int64_t now_nanos) {
  int64_t share_nanos = READ_NANOS / run->leg_count;
  run->read_debt_nanos += run->plan->tick_nanos;
  while (run->read_debt_nanos >= share_nanos) {
    run->read_debt_nanos -= share_nanos;
    read_leg(run, run->read_next, now_nanos);
    run->read_next = (run->read_next + 1) % run->leg_count;
  }
}

static void announce(struct run *run, bool open) {
  run->window_is_open = open;
  printf("{\"event\":\"%s\"}\n", open ? "window-open" : "window-close");
  fflush(stdout);
}

static void send_due(struct run *run, int64_t elapsed_nanos) {
  while (run->next < run->total && (int64_t)run->next * run->spacing_nanos <= elapsed_nanos) {
    if (run->next == run->window_first) announce(run, true);
    if (run->next == run->window_end) announce(run, false);
    bool sent = leg_send(&run->legs[sender_of(run, run->next)], run->plan->id, run->next);
    if (in_window(run, run->next)) {
      run->tally.sent += 1;
      run->tally.refused += !sent;
    }
    run->next += 1;
  }
}

static void sleep_until(int64_t nanos) {
  struct timespec due = {.tv_sec = nanos / NANOS_PER_SECOND, .tv_nsec = nanos % NANOS_PER_SECOND};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) != 0) continue;
}

static void send_all(struct run *run) {
  for (int64_t tick = 0; run->next < run->total; tick += 1) {
    int64_t elapsed_nanos = tick * run->plan->tick_nanos;
    sleep_until(run->start_nanos + elapsed_nanos);
    int64_t now_nanos = nanos_of(CLOCK_MONOTONIC);
    if (run->window_is_open) {
      histogram_add(&run->tally.lateness, now_nanos - run->start_nanos - elapsed_nanos);
    }
    send_due(run, elapsed_nanos);
    read_some(run, now_nanos);
  }
}

static void settle(struct run *run) {
  int64_t until = nanos_of(CLOCK_MONOTONIC) + SETTLE_NANOS;
  for (int64_t now = 0; now < until;) {
    now = nanos_of(CLOCK_MONOTONIC);
    for (uint32_t leg = 0; leg < run->leg_count; leg += 1) read_leg(run, leg, now);
    sleep_until(now + READ_NANOS);
  }
}

static void report(const struct run *run) {
  const struct tally *t = &run->tally;
  uint64_t to_even = 0;
  uint64_t fewest = UINT64_MAX;
  for (uint32_t leg = 0; leg < run->leg_count; leg += 1) {
    if (leg % 2 == 0) to_even += run->received_by_leg[leg];
    if (run->received_by_leg[leg] < fewest) fewest = run->received_by_leg[leg];
  }
  printf("{\"event\":\"result\",\"sent\":%" PRIu64 ",\"received\":%" PRIu64
         ",\"receivedByEvenLegs\":%" PRIu64 ",\"receivedByOddLegs\":%" PRIu64
         ",\"sentPerStream\":%" PRIu64 ",\"fewestPerStream\":%" PRIu64,
         t->sent, t->received, to_even, t->received - to_even, t->sent / run->leg_count, fewest);
  printf(",\"refused\":%" PRIu64 ",\"duplicates\":%" PRIu64 ",\"misdirected\":%" PRIu64
         ",\"forged\":%" PRIu64 ",\"corrupt\":%" PRIu64 ",\"renumbered\":%" PRIu64
         ",\"rtcp\":%" PRIu64,
         t->refused, t->duplicates, t->misdirected, t->forged, t->corrupt, t->renumbered, t->rtcp);
  printf(",\"delayMicros\":{\"p50\":%u,\"p99\":%u,\"longest\":%" PRId64 "}",
         histogram_percentile(&t->delay, 0.5), histogram_percentile(&t->delay, 0.99),
         t->delay.longest_nanos / 1000);
  printf(",\"tickLatenessMicros\":{\"p50\":%u,\"p99\":%u,\"longest\":%" PRId64 "}}\n",
         histogram_percentile(&t->lateness, 0.5), histogram_percentile(&t->lateness, 0.99),
         t->lateness.longest_nanos / 1000);
  fflush(stdout);
}

bool run_load(struct leg *legs, uint32_t leg_count, const struct run_plan *plan) {
  struct run *run = calloc(1, sizeof *run);
  if (run == NULL) return false;
  run->legs = legs;
  run->leg_count = leg_count;
  run->plan = plan;
  run->spacing_nanos = PACKET_NANOS / leg_count;
  /* Whole rounds of all legs, so that every stream sends equally many within the window. */
  run->window_first = (uint64_t)(plan->warmup_nanos / PACKET_NANOS) * leg_count;
  run->window_end = run->window_first + (uint64_t)(plan->measure_nanos / PACKET_NANOS) * leg_count;
  run->total = run->window_end + (uint64_t)(TAIL_NANOS / PACKET_NANOS) * leg_count;
  run->seen = calloc(run->total, sizeof *run->seen);
  run->received_by_leg = calloc(leg_count, sizeof *run->received_by_leg);
  bool ready = run->seen != NULL && run->received_by_leg != NULL;
  if (ready) {
    run->start_nanos = nanos_of(CLOCK_MONOTONIC) + LEAD_NANOS;
    send_all(run);
    settle(run);
    report(run);
  }
  free(run->seen);
  free(run->received_by_leg);
  free(run);
  return ready;
}
