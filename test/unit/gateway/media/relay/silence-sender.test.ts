import { describe, expect, test } from '@jest/globals';
import { RTP } from '../../../../../gateway/media-contract/transport.ts';
import {
  audio,
  codec,
  OPUS,
  PCMA,
  PCMU,
  SimulatedMedia,
} from '../../../../sim/media/support/simulated-media.ts';
import { SimulatedPhone } from '../../../../sim/media/support/simulated-phone.ts';

function leg(plan: ReturnType<typeof audio>) {
  const media = new SimulatedMedia({ seed: 1 });
  const phone = new SimulatedPhone(media, { host: '203.0.113.1', port: 4000, ssrc: 1, mark: 1 });
  media.openLeg('leg', RTP);
  media.do({
    op: 'configure-leg',
    leg: 'leg',
    remote: { address: '203.0.113.1', rtpPort: 4000, rtcpPort: 4001 },
    media: [plan],
  });
  return { media, phone };
}

describe('silence', () => {
  test.each([
    [PCMU, 160, 0xff],
    [PCMA, 160, 0xd5],
    [OPUS, 3, 0xf8],
  ])('in %o is a frame that is heard as nothing', (binding, length, first) => {
    const { media, phone } = leg(audio([binding]));
    media.advance(500);
    expect(phone.heard[0]!.payload).toHaveLength(length);
    expect(phone.heard[0]!.payload[0]).toBe(first);
    expect(phone.heard[1]!.timestamp - phone.heard[0]!.timestamp).toBe(binding.clockRate / 5);
  });

  test('is sent for half a minute at most', () => {
    const { media, phone } = leg(audio([PCMU]));
    media.advance(60_000);
    expect(phone.heard.length).toBeLessThanOrEqual(150);
    expect(phone.heard.length).toBeGreaterThanOrEqual(148);
  });

  test('is not sent where we may not send, nor in a codec without a silent frame', () => {
    for (const plan of [
      audio([PCMU], { direction: 'recvonly' }),
      audio([codec('g729', 18, 8000)]),
    ]) {
      const { media, phone } = leg(plan);
      media.advance(1_000);
      expect(phone.heard).toHaveLength(0);
    }
  });
});
