import { describe, expect, test } from '@jest/globals';
import {
  ReceivedStream,
  type StreamHome,
} from '../../../../../gateway/media/relay/received-stream.ts';
import { SentStream } from '../../../../../gateway/media/relay/sent-stream.ts';
import {
  markerOf,
  payloadTypeOf,
  sequenceOf,
  ssrcOf,
  timestampOf,
  writeRtpHeader,
} from '../../../../../gateway/wire/rtp/header.ts';

const source = () => new ReceivedStream(1, {} as StreamHome, 8000, 0);

function sender(randomSequence = 100, randomTimestamp = 5_000) {
  const sent = new SentStream(0xabc, randomSequence, randomTimestamp);
  const bytes = new Uint8Array(32);
  const relay = (from: ReceivedStream, sequence: number, timestamp: number, now: number) => {
    writeRtpHeader(bytes, 0, false, 0, sequence, timestamp, 1);
    const isSent = sent.relay(bytes, 0, from, now);
    if (!isSent) return undefined;
    sent.noteSent(160, now);
    return [sequenceOf(bytes, 0), timestampOf(bytes, 0)];
  };
  return { sent, bytes, relay };
}

describe('a sent stream', () => {
  test('begins below 2^15 whatever chance says', () => {
    expect(sender(0xffff).sent.sequence).toBe(0x7fff);
  });

  test('keeps the distances of its source, under its own SSRC', () => {
    const { bytes, relay } = sender();
    const from = source();
    expect(relay(from, 65_535, 0xffff_ff00, 0)).toEqual([101, 5_000]);
    expect(relay(from, 0, 0xffff_ffa0, 20)).toEqual([102, 5_160]);
    expect(relay(from, 2, 0xe0, 60)).toEqual([104, 5_480]);
    expect(relay(from, 1, 0x40, 61)).toEqual([103, 5_320]);
    expect(ssrcOf(bytes, 0)).toBe(0xabc);
  });

  test('goes on by one, and by the time that passed, when the source changes', () => {
    const { relay } = sender();
    relay(source(), 9, 90, 0);
    expect(relay(source(), 40_000, 7, 100)).toEqual([102, 5_800]);
  });

  test('goes on likewise when the source begins anew', () => {
    const { relay } = sender();
    const from = source();
    relay(from, 9, 90, 0);
    from.generation += 1;
    expect(relay(from, 30_000, 0, 20)).toEqual([102, 5_160]);
  });

  test('refuses what is older than a source’s first packet, which was another’s to number', () => {
    const { relay } = sender();
    const from = source();
    relay(source(), 9, 90, 0);
    relay(from, 500, 0, 20);
    expect(relay(from, 499, 0, 21)).toBeUndefined();
    for (let i = 501; i < 501 + 40_000; i += 1) relay(from, i & 0xffff, 0, 22);
    expect(relay(from, (500 + 40_010) & 0xffff, 0, 23)).toBeDefined();
  });

  test('numbers packets made here between relayed ones', () => {
    const { sent, bytes, relay } = sender();
    const from = source();
    relay(from, 1, 0, 0);
    sent.generate(bytes, 0, true, 8, sent.timestampAt(20), 20);
    expect([sequenceOf(bytes, 0), timestampOf(bytes, 0)]).toEqual([102, 5_160]);
    expect(markerOf(bytes, 0)).toBe(true);
    expect(payloadTypeOf(bytes, 0)).toBe(8);
    expect(relay(from, 3, 320, 40)).toEqual([103, 5_320]);
  });

  test('lets a packet aside keep its own timestamp without moving the sound’s', () => {
    const { sent, bytes, relay } = sender();
    const from = source();
    relay(from, 1, 0, 0);
    sent.generateAside(bytes, 0, true, 101, 5_000);
    expect(sequenceOf(bytes, 0)).toBe(102);
    expect(sent.timestampAt(20)).toBe(5_160);
    expect(relay(from, 2, 160, 20)).toEqual([103, 5_160]);
  });

  test('counts packets and payload octets', () => {
    const { sent, relay } = sender();
    const from = source();
    relay(from, 1, 0, 0);
    relay(from, 2, 160, 20);
    expect(sent).toMatchObject({ packets: 2, octets: 320 });
  });
});
