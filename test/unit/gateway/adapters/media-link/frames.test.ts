import { describe, expect, test } from '@jest/globals';
import { encodeFrame, FrameDecoder } from '../../../../../gateway/adapters/media-link/frames.ts';
import { LARGEST_FRAME_BYTES } from '../../../../../gateway/media/limits.ts';

const frame = (id: string) => ({ frame: 'command', id, command: { op: 'heartbeat' } }) as const;

describe('frames of the media contract', () => {
  test('come out whole however the stream is cut', () => {
    const stream = Buffer.concat([encodeFrame(frame('ä')), encodeFrame(frame('b'.repeat(300)))]);
    for (const step of [1, 3, 7, 50, 1_000]) {
      const decoder = new FrameDecoder();
      const frames: unknown[] = [];
      for (let at = 0; at < stream.length; at += step) {
        const decoded = decoder.push(stream.subarray(at, at + step));
        if (decoded.ok) frames.push(...decoded.value);
      }
      expect(frames).toEqual([frame('ä'), frame('b'.repeat(300))]);
    }
  });

  test('too large are refused by their length alone', () => {
    const header = Buffer.alloc(4);
    header.writeUInt32BE(LARGEST_FRAME_BYTES + 1);
    expect(new FrameDecoder().push(header)).toMatchObject({
      fault: { code: 'contract.frame_too_large' },
    });
  });

  test.each(['no JSON', '{}', 'null', '{"frame":"other"}'])('%s is none', (text) => {
    const bytes = Buffer.alloc(4 + text.length);
    bytes.writeUInt32BE(text.length);
    bytes.write(text, 4);
    expect(new FrameDecoder().push(bytes)).toMatchObject({ fault: { code: 'contract.no_frame' } });
  });
});
