import { expect, test } from '@jest/globals';
import {
  ReceivedStream,
  type StreamHome,
} from '../../../../../gateway/media/relay/received-stream.ts';

test('a received stream keeps the middle of the last sender report, and when it came', () => {
  const stream = new ReceivedStream(7, {} as StreamHome, 8000, 100);
  expect(stream).toMatchObject({ ssrc: 7, heardAt: 100, lastSenderReport: 0 });
  stream.noteSenderReport({ seconds: 0x12345678, fraction: 0x9abcdef0 }, 250);
  expect(stream.lastSenderReport).toBe(0x56789abc);
  expect(stream.senderReportAt).toBe(250);
});
