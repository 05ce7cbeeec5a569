import { describe, expect, test } from '@jest/globals';
import { isAlertInClear, isClientHello } from '../../../../../gateway/media/dtls/records.ts';

function record(type: number, epoch: number, first: number): Uint8Array {
  const bytes = new Uint8Array(20);
  bytes[2] = type;
  bytes[2 + 4] = epoch;
  bytes[2 + 13] = first;
  return bytes;
}

describe('a DTLS record', () => {
  test('is a ClientHello only in clear, of type 22, with message type 1', () => {
    expect(isClientHello(record(22, 0, 1), 2, 18)).toBe(true);
    expect(isClientHello(record(22, 1, 1), 2, 18)).toBe(false);
    expect(isClientHello(record(22, 0, 2), 2, 18)).toBe(false);
    expect(isClientHello(record(21, 0, 1), 2, 18)).toBe(false);
    expect(isClientHello(record(22, 0, 1), 2, 13)).toBe(false);
  });

  test('is an alert that anybody could send only in clear', () => {
    expect(isAlertInClear(record(21, 0, 2), 2, 15)).toBe(true);
    expect(isAlertInClear(record(21, 1, 2), 2, 15)).toBe(false);
    expect(isAlertInClear(record(21, 0, 2), 2, 12)).toBe(false);
  });
});
