/* One measured run: every leg sends 50 packets a second, and what comes back is counted. */
#ifndef BENCH_LOAD_RUN_H
#define BENCH_LOAD_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "leg.h"

struct run_plan {
  /* Unlike any other run of this process, so that late packets of an earlier one are known. */
  uint16_t id;
  /* What is due within a tick is sent at once: 1000 makes bursts, 100 even arrivals. */
  int64_t tick_nanos;
  int64_t warmup_nanos;
  int64_t measure_nanos;
};

/* Legs 2n and 2n + 1 are the two ends of call n. Prints `window-open`, `window-close` and the
 * `result` event, each one JSON line; returns false when out of memory. */
bool run_load(struct leg *legs, uint32_t leg_count, const struct run_plan *plan);

#endif
