/* Big-endian integers in packets (RFC 1700's network order), and the clocks of the generator. */
#ifndef BENCH_LOAD_BYTES_H
#define BENCH_LOAD_BYTES_H

#include <stdint.h>
#include <time.h>

#define NANOS_PER_MILLI INT64_C(1000000)
#define NANOS_PER_SECOND INT64_C(1000000000)

static inline uint16_t read16(const uint8_t *bytes) {
  return (uint16_t)((bytes[0] << 8) | bytes[1]);
}

static inline uint32_t read32(const uint8_t *bytes) {
  return ((uint32_t)read16(bytes) << 16) | read16(bytes + 2);
}

static inline uint64_t read64(const uint8_t *bytes) {
  return ((uint64_t)read32(bytes) << 32) | read32(bytes + 4);
}

static inline void write16(uint8_t *bytes, uint16_t value) {
  bytes[0] = (uint8_t)(value >> 8);
  bytes[1] = (uint8_t)value;
}

static inline void write32(uint8_t *bytes, uint32_t value) {
  write16(bytes, (uint16_t)(value >> 16));
  write16(bytes + 2, (uint16_t)value);
}

static inline void write64(uint8_t *bytes, uint64_t value) {
  write32(bytes, (uint32_t)(value >> 32));
  write32(bytes + 4, (uint32_t)value);
}

/* Nanoseconds of `clock`: CLOCK_MONOTONIC for pacing, CLOCK_REALTIME where the kernel's receive
 * timestamps are compared with it. */
static inline int64_t nanos_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * NANOS_PER_SECOND + now.tv_nsec;
}

#endif
