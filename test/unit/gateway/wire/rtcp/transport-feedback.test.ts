/** Transport-wide feedback. */
import { describe, expect, test } from '@jest/globals';
import type { TransportFeedback } from '../../../../../gateway/wire/rtcp/packet.ts';
import {
  buildTransportFeedback,
  MOST_ARRIVALS,
} from '../../../../../gateway/wire/rtcp/transport-feedback.ts';
import { faultOf, octets, parseOne } from './octets.ts';

const base = {
  type: 'transport-feedback',
  senderSsrc: 1,
  mediaSsrc: 2,
  baseSequence: 0xfffe,
  referenceTime: -3,
  feedbackCount: 255,
} as const;

const HEAD = '00000001 00000002 fffe';
const CLOCK = 'fffffd ff';

describe('Statuses are read', () => {
  test.each([
    ['as a run', `8fcd0006 ${HEAD} 0003 ${CLOCK} 2003 04 08 0c 000000`, [4, 8, 12]],
    [
      'as one-bit symbols',
      `8fcd0005 ${HEAD} 0004 ${CLOCK} 9400 01 02`,
      [undefined, 1, undefined, 2],
    ],
    [
      'as two-bit symbols with large deltas',
      `8fcd0006 ${HEAD} 0003 ${CLOCK} d200 07 ff38 000000`,
      [7, undefined, -200],
    ],
  ])('%s', (_form, hexadecimal, arrivals) => {
    expect(parseOne(octets(hexadecimal))).toEqual({ ...base, arrivals });
  });
});

test('what is written is read back', () => {
  const arrivals = [0, 255, undefined, undefined, 256, -1, -32768, 32767, 4];
  const feedback: TransportFeedback = { ...base, arrivals };
  expect(parseOne(buildTransportFeedback(feedback))).toEqual(feedback);
});

test('a run longer than thirteen bits hold takes two chunks', () => {
  const arrivals = new Array(MOST_ARRIVALS).fill(undefined);
  const bytes = buildTransportFeedback({ ...base, arrivals });
  expect(bytes.length).toBe(4 + 16 + 4);
  expect(parseOne(bytes)).toEqual({ ...base, arrivals });
});

describe('What makes no sense is refused', () => {
  test.each([
    ['no fixed part', '8fcd0003 00000001 00000002 00000001', 'rtcp.truncated'],
    ['chunks that are missing', `8fcd0004 ${HEAD} 0001 ${CLOCK}`, 'rtcp.truncated'],
    ['deltas that are missing', `8fcd0005 ${HEAD} 0003 ${CLOCK} 2003 0101`, 'rtcp.truncated'],
    ['a run of no packets', `8fcd0005 ${HEAD} 0003 ${CLOCK} 2000 0000`, 'rtcp.status_chunk'],
    ['65535 arrivals', `8fcd0005 ${HEAD} ffff ${CLOCK} 3fff 0000`, 'rtcp.too_many'],
  ])('%s', (_why, hexadecimal, code) => {
    expect(faultOf(octets(hexadecimal))).toBe(code);
  });
});

test('a delta beyond sixteen bits and too many arrivals are our own mistakes', () => {
  expect(() => buildTransportFeedback({ ...base, arrivals: [32768] })).toThrow(RangeError);
  const arrivals = new Array(MOST_ARRIVALS + 1).fill(undefined);
  expect(() => buildTransportFeedback({ ...base, arrivals })).toThrow(RangeError);
});
