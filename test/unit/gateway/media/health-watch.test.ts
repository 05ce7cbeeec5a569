import { describe, expect, test } from '@jest/globals';
import { type LogFields, silentLog } from '../../../../gateway/core/log.ts';
import { HealthWatch } from '../../../../gateway/media/health-watch.ts';
import type { PacketCounters } from '../../../../gateway/native/contract.ts';

const ZERO: PacketCounters = {
  received: 0,
  receivedBytes: 0,
  sent: 0,
  sentBytes: 0,
  batches: 0,
  flushes: 0,
  truncated: 0,
  receiveOverflows: 0,
  sendWouldBlock: 0,
  sendNoBuffers: 0,
  sendErrors: 0,
  icmpErrors: 0,
  queueFull: 0,
};
const LOOP = { truncated: 0, unclaimed: 0, contained: 0 };

function watch() {
  const lines: [string, LogFields | undefined][] = [];
  const note = (event: string, fields?: LogFields) => void lines.push([event, fields]);
  return { lines, watch: new HealthWatch({ ...silentLog, warn: note, error: note }) };
}

describe('the watch over the packet plane', () => {
  test('says nothing while packets come and go, and ICMP errors with them', () => {
    const { lines, watch: health } = watch();
    health.look(ZERO, LOOP);
    health.look({ ...ZERO, received: 9, sent: 9, icmpErrors: 3 }, LOOP);
    expect(lines).toEqual([]);
  });

  test('names a full queue, once for each time that it grew', () => {
    const { lines, watch: health } = watch();
    health.look({ ...ZERO, queueFull: 2 }, LOOP);
    health.look({ ...ZERO, queueFull: 2 }, LOOP);
    health.look({ ...ZERO, queueFull: 7 }, LOOP);
    expect(lines).toEqual([
      ['media.send_queue_full', { count: 2 }],
      ['media.send_queue_full', { count: 5 }],
    ]);
  });

  test('names dropped, unsendable and contained packets by what befell them', () => {
    const { lines, watch: health } = watch();
    const counters = { ...ZERO, receiveOverflows: 1, sendWouldBlock: 1, sendNoBuffers: 1 };
    health.look(counters, { ...LOOP, contained: 4 });
    expect(lines.map(([event]) => event)).toEqual([
      'media.send_would_block',
      'media.send_no_buffers',
      'media.receive_overflow',
      'media.throws_contained',
    ]);
  });
});
