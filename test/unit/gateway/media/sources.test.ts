import { describe, expect, test } from '@jest/globals';
import { RTP } from '../../../../gateway/media-contract/transport.ts';
import {
  audio,
  GATEWAY,
  PCMU,
  SimulatedMedia,
  VP8,
} from '../../../sim/media/support/simulated-media.ts';
import { SimulatedPhone } from '../../../sim/media/support/simulated-phone.ts';

/** Legs a, b and c with phones that say 0xa, 0xb, 0xc. */
function three() {
  const media = new SimulatedMedia({ seed: 1 });
  const phones = ['a', 'b', 'c'].map((leg, index) => {
    const host = `203.0.113.${index + 1}`;
    const mark = 0xa + index;
    const phone = new SimulatedPhone(media, { host, port: 4000, ssrc: mark, mark });
    const local = media.openLeg(leg, RTP);
    const remote = { address: host, rtpPort: 4000, rtcpPort: 4001 };
    media.do({ op: 'configure-leg', leg, remote, media: [audio([PCMU])] });
    phone.target = `${GATEWAY}:${local.rtpPort}`;
    return phone;
  });
  return { media, a: phones[0]!, b: phones[1]!, c: phones[2]! };
}

const marks = (phone: SimulatedPhone, since: number) =>
  new Set(phone.heard.filter(({ at }) => at > since + 100).map(({ payload }) => payload[0]));

describe('sources', () => {
  test('feed any number of legs from one, each with its own numbering', () => {
    const { media, a, b, c } = three();
    media.do(
      { op: 'set-source', leg: 'b', source: { kind: 'leg', leg: 'a' } },
      { op: 'set-source', leg: 'c', source: { kind: 'leg', leg: 'a' } },
    );
    const since = media.now;
    media.advance(1_000);
    expect(marks(b, since)).toEqual(new Set([0xa]));
    expect(marks(c, since)).toEqual(new Set([0xa]));
    expect(b.heard.at(-1)!.ssrc).not.toBe(c.heard.at(-1)!.ssrc);
    expect(marks(a, since)).not.toContain(0xa);
  });

  test('can be changed and taken away', () => {
    const { media, a } = three();
    media.do({ op: 'set-source', leg: 'a', source: { kind: 'leg', leg: 'b' } });
    media.advance(500);
    let since = media.now;
    media.do({ op: 'set-source', leg: 'a', source: { kind: 'leg', leg: 'c' } });
    media.advance(500);
    expect(marks(a, since)).toEqual(new Set([0xc]));
    since = media.now;
    media.do({ op: 'set-source', leg: 'a', source: { kind: 'none' } });
    media.advance(500);
    expect(marks(a, since)).toEqual(new Set());
  });

  test('may be named before they are opened', () => {
    const { media, a } = three();
    media.do({ op: 'set-source', leg: 'a', source: { kind: 'leg', leg: 'late' } });
    const late = new SimulatedPhone(media, { host: '203.0.113.9', port: 4000, ssrc: 9, mark: 0x9 });
    const local = media.openLeg('late', RTP);
    const remote = { address: '203.0.113.9', rtpPort: 4000 };
    media.do({ op: 'configure-leg', leg: 'late', remote, media: [audio([PCMU])] });
    late.target = `${GATEWAY}:${local.rtpPort}`;
    const since = media.now;
    media.advance(500);
    expect(marks(a, since)).toEqual(new Set([0x9]));
  });

  test('that close leave their takers silent and alive', () => {
    const { media, a } = three();
    media.join('a', 'b');
    media.advance(500);
    media.do({ op: 'close-leg', leg: 'b' });
    const since = media.now;
    media.advance(500);
    expect(marks(a, since)).toEqual(new Set());
    expect(media.eventsOf('leg-failed')).toHaveLength(0);
  });

  test('join lines of one kind only', () => {
    const { media, a } = three();
    const remote = { address: '203.0.113.2', rtpPort: 4000, rtcpPort: 4001 };
    const video = { ...audio([VP8]), kind: 'video' as const };
    media.do({ op: 'configure-leg', leg: 'b', remote, media: [video] });
    media.join('a', 'b');
    const since = media.now;
    media.advance(500);
    expect(marks(a, since)).not.toContain(0xb);
  });
});
