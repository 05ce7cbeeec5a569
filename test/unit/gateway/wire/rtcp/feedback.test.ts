/** Feedback messages. */
import { describe, expect, test } from '@jest/globals';
import * as feedback from '../../../../../gateway/wire/rtcp/feedback.ts';
import { faultOf, octets, parseOne } from './octets.ts';

const sources = { senderSsrc: 1, mediaSsrc: 0xfffffffe };

describe('A generic NACK', () => {
  const nack = { type: 'nack', ...sources, lost: [100, 101, 116, 117] } as const;
  const bytes = octets('81cd0004 00000001 fffffffe 0064 8001 0075 0000');

  test('names a packet and any of the sixteen behind it', () => {
    expect(parseOne(bytes)).toEqual(nack);
    expect(feedback.buildNack(nack)).toEqual(bytes);
  });

  test('goes on across the wrap of sequence numbers', () => {
    const lost = [65534, 65535, 0, 14];
    const built = feedback.buildNack({ ...nack, lost });
    expect(built.length).toBe(16);
    expect(parseOne(built)).toEqual({ ...nack, lost });
  });

  test('keeps the order of what goes backwards', () => {
    const lost = [10, 5, 5];
    expect(parseOne(feedback.buildNack({ ...nack, lost }))).toEqual({ ...nack, lost });
  });
});

test('a picture loss indication is read and written', () => {
  const bytes = octets('81ce0002 00000001 fffffffe');
  const loss = { type: 'picture-loss', ...sources } as const;
  expect(parseOne(bytes)).toEqual(loss);
  expect(feedback.buildPictureLoss(loss)).toEqual(bytes);
});

test('a full intra request is read and written', () => {
  const bytes = octets('84ce0004 00000001 00000000 fffffffe ff000000');
  const request = {
    type: 'full-intra-request',
    senderSsrc: 1,
    requests: [{ ssrc: 0xfffffffe, sequence: 255 }],
  } as const;
  expect(parseOne(bytes)).toEqual(request);
  expect(feedback.buildFullIntraRequest(request)).toEqual(bytes);
});

describe('A receiver’s bandwidth estimate', () => {
  const bytes = octets('8fce0006 00000001 00000000 52454d42 020bd090 00000005 00000006');

  test('is mantissa shifted by exponent', () => {
    expect(parseOne(bytes)).toEqual({
      type: 'bandwidth-estimate',
      senderSsrc: 1,
      bitsPerSecond: 0x3d090 << 2,
      sources: [5, 6],
    });
  });

  test.each([0, 1, 262143, 262144, 1_000_000, 2_500_000_000])('of %d survives', (bitsPerSecond) => {
    const estimate = {
      type: 'bandwidth-estimate',
      senderSsrc: 1,
      bitsPerSecond,
      sources: [9],
    } as const;
    const read = parseOne(feedback.buildBandwidthEstimate(estimate));
    const value = read.type === 'bandwidth-estimate' ? read.bitsPerSecond : Number.NaN;
    expect(value).toBeLessThanOrEqual(bitsPerSecond);
    expect(value).toBeGreaterThanOrEqual(bitsPerSecond * (1 - 2 ** -17));
  });

  test('of more sources than there are octets is refused', () => {
    expect(faultOf(bytes.with(16, 3))).toBe('rtcp.truncated');
  });

  test('is told from other application layer feedback by its name', () => {
    expect(parseOne(bytes.with(12, 0x53))).toMatchObject({ type: 'other', count: 15 });
  });

  test('of 256 sources does not fit: our own mistake', () => {
    const many = new Array(256).fill(1);
    const estimate = { type: 'bandwidth-estimate', senderSsrc: 1, bitsPerSecond: 1 } as const;
    expect(() => feedback.buildBandwidthEstimate({ ...estimate, sources: many })).toThrow(
      RangeError,
    );
  });
});

test.each(['81cd0001 00000001', '81ce0001 00000001', '84ce0001 00000001'])(
  'feedback without both sources is refused: %s',
  (hexadecimal) => {
    expect(faultOf(octets(hexadecimal))).toBe('rtcp.truncated');
  },
);
