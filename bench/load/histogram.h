/* Durations counted by the microsecond, for percentiles without sorting. */
#ifndef BENCH_LOAD_HISTOGRAM_H
#define BENCH_LOAD_HISTOGRAM_H

#include <stdint.h>
#include <string.h>

/* Longer durations are counted in the last cell; the longest is kept exactly. */
enum { HISTOGRAM_MICROS = 200000 };

struct histogram {
  uint64_t count;
  int64_t longest_nanos;
  uint32_t cells[HISTOGRAM_MICROS];
};

static inline void histogram_add(struct histogram *histogram, int64_t nanos) {
  int64_t micros = nanos < 0 ? 0 : nanos / 1000;
  if (micros >= HISTOGRAM_MICROS) micros = HISTOGRAM_MICROS - 1;
  histogram->cells[micros] += 1;
  histogram->count += 1;
  if (nanos > histogram->longest_nanos) histogram->longest_nanos = nanos;
}

/* The smallest number of microseconds that `share` of the durations do not exceed. */
static inline uint32_t histogram_percentile(const struct histogram *histogram, double share) {
  uint64_t wanted = (uint64_t)(share * (double)histogram->count);
  uint64_t passed = 0;
  for (uint32_t micros = 0; micros < HISTOGRAM_MICROS; micros += 1) {
    passed += histogram->cells[micros];
    if (passed > wanted) return micros;
  }
  return HISTOGRAM_MICROS;
}

#endif
