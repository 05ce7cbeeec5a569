import { describe, expect, test } from '@jest/globals';
import type { ReceivedStream } from '../../../../../gateway/media/relay/received-stream.ts';
import { StreamSelection } from '../../../../../gateway/media/relay/stream-selection.ts';

const stream = (name: string) => ({ name }) as unknown as ReceivedStream;

describe('the selection of a stream', () => {
  const [a, b] = [stream('a'), stream('b')];

  test('takes the first, and another at once when the first has stopped', () => {
    const selection = new StreamSelection();
    expect(selection.admits(a, 0)).toBe(true);
    expect(selection.admits(b, 61)).toBe(true);
    expect(selection.current).toBe(b);
  });

  test('gives way to two packets of another without one of the first', () => {
    const selection = new StreamSelection();
    selection.admits(a, 0);
    expect(selection.admits(b, 20)).toBe(false);
    expect(selection.admits(b, 40)).toBe(true);
  });

  test('stays with the first while both go on', () => {
    const selection = new StreamSelection();
    for (let now = 0; now < 1_000; now += 20) {
      expect(selection.admits(a, now)).toBe(true);
      expect(selection.admits(b, now + 10)).toBe(false);
    }
  });

  test('forgets a stream that is gone', () => {
    const selection = new StreamSelection();
    selection.admits(a, 0);
    selection.forget(a);
    expect(selection.admits(b, 1)).toBe(true);
  });
});
