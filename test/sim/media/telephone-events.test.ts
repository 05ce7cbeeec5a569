/** Digits between legs: once each, whatever clocks, codecs and losses lie between (RFC 4733). */
import { describe, expect, test } from '@jest/globals';
import type { CodecBinding } from '../../../gateway/media-contract/contract.ts';
import { RTP } from '../../../gateway/media-contract/transport.ts';
import {
  eventDuration,
  eventOf,
  isEventEnd,
  writeTelephoneEvent,
} from '../../../gateway/wire/rtp/telephone-event.ts';
import {
  audio,
  codec,
  GATEWAY,
  OPUS,
  PCMA,
  PCMU,
  SimulatedMedia,
} from './support/simulated-media.ts';
import { SimulatedPhone } from './support/simulated-phone.ts';

const EVENT_8 = codec('telephone-event', 101, 8000);
const EVENT_48 = codec('telephone-event', 110, 48_000);

function call(near: readonly CodecBinding[], far: readonly CodecBinding[]) {
  const media = new SimulatedMedia({ seed: 5 });
  const make = (leg: string, host: string, codecs: readonly CodecBinding[], ssrc: number) => {
    const [{ payloadType, clockRate }] = codecs as [CodecBinding];
    const phone = new SimulatedPhone(media, {
      host,
      port: 4000,
      ssrc,
      mark: 1,
      payloadType,
      clockRate,
    });
    const local = media.openLeg(leg, RTP);
    const remote = { address: host, rtpPort: 4000, rtcpPort: 4001 };
    media.do({ op: 'configure-leg', leg, remote, media: [audio(codecs)] });
    phone.target = `${GATEWAY}:${local.rtpPort}`;
    return phone;
  };
  const phones = {
    media,
    near: make('near', '203.0.113.1', near, 1),
    far: make('far', '203.0.113.2', far, 2),
  };
  media.join('near', 'far');
  media.advance(500);
  return phones;
}

/** Presses a digit for `ms`, as a phone does: every 20 ms, the end three times. */
function press(
  media: SimulatedMedia,
  phone: SimulatedPhone,
  binding: CodecBinding,
  event: number,
  ms: number,
  keeps: (packet: number, isEnd: boolean) => boolean = () => true,
): void {
  phone.isTalking = false;
  const start = phone.timestamp + (binding.clockRate * 20) / 1000;
  const packets = ms / 20 + 2;
  for (let packet = 0; packet < packets; packet += 1) {
    const isEnd = packet >= packets - 3;
    const units = Math.round((Math.min(ms, (packet + 1) * 20) * binding.clockRate) / 1000);
    const payload = new Uint8Array(4);
    writeTelephoneEvent(payload, 0, event, isEnd, 10, units);
    phone.sequence = (phone.sequence + 1) & 0xffff;
    const { payloadType } = binding;
    const marker = packet === 0;
    if (keeps(packet, isEnd)) {
      phone.sendAs(payload, phone.sequence, start, media.now, { payloadType, marker });
    }
    media.advance(20);
  }
  phone.timestamp = start + Math.round((ms * binding.clockRate) / 1000);
  phone.isTalking = true;
}

/** What the far phone heard of events under `payloadType`: each timestamp with its packets. */
function eventsHeard(phone: SimulatedPhone, payloadType: number) {
  const groups = new Map<number, { event: number; durations: number[]; ends: number }>();
  for (const packet of phone.heard.filter((each) => each.payloadType === payloadType)) {
    const { payload, timestamp } = packet;
    const group = groups.get(timestamp) ?? { event: eventOf(payload, 0), durations: [], ends: 0 };
    group.durations.push(eventDuration(payload, 0));
    if (isEventEnd(payload, 0)) group.ends += 1;
    groups.set(timestamp, group);
  }
  return [...groups.values()];
}

const digits = (media: SimulatedMedia) =>
  media.eventsOf('leg-dtmf').map(({ digit, durationMs }) => [digit, durationMs]);

describe('a digit', () => {
  test('is relayed under the other side’s payload type, and told once', () => {
    const { media, near, far } = call([PCMU, EVENT_8], [PCMU, { ...EVENT_8, payloadType: 96 }]);
    press(media, near, EVENT_8, 5, 100);
    media.advance(500);
    expect(eventsHeard(far, 96)).toMatchObject([{ event: 5, ends: 3 }]);
    expect(digits(media)).toEqual([['5', 100]]);
  });

  test('between transcoded sides is scaled from 8 to 48 kHz, at one timestamp', () => {
    const { media, near, far } = call([PCMU, EVENT_8], [PCMA, EVENT_48]);
    press(media, near, EVENT_8, 7, 100);
    media.advance(500);
    const [heard, ...others] = eventsHeard(far, 110);
    expect(others).toHaveLength(0);
    expect(heard).toMatchObject({ event: 7, ends: 3 });
    expect(heard!.durations.at(-1)).toBe(4800);
  });

  test('of three seconds is told once and sent in segments that sixteen bits hold', () => {
    const { media, near, far } = call([PCMU, EVENT_8], [PCMA, EVENT_48]);
    press(media, near, EVENT_8, 9, 3_000);
    media.advance(500);
    const heard = eventsHeard(far, 110);
    expect(heard).toHaveLength(3);
    expect(heard.map(({ ends }) => ends)).toEqual([0, 0, 3]);
    expect(2 * 65_535 + heard[2]!.durations.at(-1)!).toBe(144_000);
    expect(digits(media)).toEqual([['9', 3000]]);
  });

  test('twice, 50 ms apart, is two digits', () => {
    const { media, near, far } = call([PCMU, EVENT_8], [PCMU, EVENT_8]);
    press(media, near, EVENT_8, 1, 80);
    press(media, near, EVENT_8, 1, 80);
    media.advance(500);
    expect(eventsHeard(far, 101)).toHaveLength(2);
    expect(digits(media)).toEqual([
      ['1', 80],
      ['1', 80],
    ]);
  });

  test('whose first packet, or all of whose ends, are lost is told once all the same', () => {
    const { media, near } = call([PCMU, EVENT_8], [PCMU, EVENT_8]);
    press(media, near, EVENT_8, 2, 100, (packet) => packet > 0);
    press(media, near, EVENT_8, 3, 100, (_, isEnd) => !isEnd);
    media.advance(2_000);
    expect(digits(media)).toEqual([
      ['2', 100],
      ['3', 80],
    ]);
  });

  test('mutes the sound made beside it', () => {
    const { media, near, far } = call([PCMU, EVENT_8], [PCMA, EVENT_8]);
    const before = far.heard.length;
    press(media, near, EVENT_8, 4, 400);
    const during = far.heard.slice(before).filter(({ payloadType }) => payloadType === 8);
    expect(during.length).toBeLessThanOrEqual(4);
    media.advance(300);
    expect(far.heard.at(-1)!.payloadType).toBe(8);
  });

  test('on command is sent as an event of the peer’s, with the relayed sound silent', () => {
    const { media, near, far } = call([OPUS, EVENT_48], [OPUS, EVENT_48]);
    media.do(
      { op: 'send-dtmf', leg: 'far', digit: '#', durationMs: 100 },
      { op: 'send-dtmf', leg: 'far', digit: '1', durationMs: 2_000 },
    );
    media.advance(3_000);
    const heard = eventsHeard(far, 110);
    expect(heard.map(({ event }) => event)).toEqual([11, 1, 1]);
    expect(heard[0]).toMatchObject({ ends: 3 });
    expect(heard[0]!.durations.at(-1)).toBe(4800);
    expect(heard[1]!.durations.at(-1)).toBe(65_535);
    expect(65_535 + heard[2]!.durations.at(-1)!).toBe(96_000);
    expect(near.isTalking).toBe(true);
    expect(far.heard.at(-1)!.payloadType).toBe(111);
    const sequences = far.heard.map(({ sequence }) => sequence);
    expect(new Set(sequences).size).toBe(sequences.length);
  });

  test('for a peer without telephone-event is refused', () => {
    const { media } = call([PCMU], [PCMU]);
    const reply = media.execute({ op: 'send-dtmf', leg: 'far', digit: '1', durationMs: 100 });
    expect(reply).toMatchObject({ op: 'fault', fault: { code: 'media.digit_not_sent' } });
  });
});
