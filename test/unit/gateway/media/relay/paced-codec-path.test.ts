import { describe, expect, test } from '@jest/globals';
import { RTP } from '../../../../../gateway/media-contract/transport.ts';
import {
  audio,
  GATEWAY,
  PCMA,
  PCMU,
  SimulatedMedia,
} from '../../../../sim/media/support/simulated-media.ts';
import { SimulatedPhone } from '../../../../sim/media/support/simulated-phone.ts';

/** A phone that speaks PCMU, heard by one that takes PCMA only. */
function conversion(ptimeMs = 20) {
  const media = new SimulatedMedia({ seed: 2 });
  const near = new SimulatedPhone(media, { host: '203.0.113.1', port: 4000, ssrc: 1, mark: 0x55 });
  const far = new SimulatedPhone(media, { host: '203.0.113.2', port: 4000, ssrc: 2, mark: 0x66 });
  const local = media.openLeg('near', RTP);
  media.openLeg('far', RTP);
  media.do(
    {
      op: 'configure-leg',
      leg: 'near',
      remote: { address: '203.0.113.1', rtpPort: 4000 },
      media: [audio([PCMU])],
    },
    {
      op: 'configure-leg',
      leg: 'far',
      remote: { address: '203.0.113.2', rtpPort: 4000 },
      media: [audio([PCMA], { ptimeMs })],
    },
  );
  media.join('near', 'far');
  near.target = `${GATEWAY}:${local.rtpPort}`;
  return { media, near, far };
}

describe('converted sound', () => {
  test('leaves on our own clock however it arrives', () => {
    const { media, far } = conversion();
    media.network.conditions = { delayMs: 20, jitterMs: 30, lossShare: 0.02, duplicateShare: 0.02 };
    media.advance(4_000);
    media.network.conditions = { delayMs: 20, jitterMs: 0, lossShare: 0, duplicateShare: 0 };
    const sent = media.network.sent.filter(({ to }) => to === far.address);
    expect(sent.length).toBeGreaterThan(180);
    const steps = far.heard
      .toSorted((a, b) => ((a.sequence - b.sequence) << 16) >> 16)
      .slice(5)
      .map(({ timestamp, sequence }) => [timestamp, sequence]);
    for (const [index, [timestamp, sequence]] of steps.slice(1).entries()) {
      const [timestampBefore, sequenceBefore] = steps[index]!;
      const packets = (sequence! - sequenceBefore!) & 0xffff;
      expect(timestamp! - timestampBefore!).toBe(packets * 160);
    }
  });

  test('comes in packets of the length that was agreed', () => {
    const { media, far } = conversion(40);
    media.advance(2_000);
    expect(new Set(far.heard.slice(2).map(({ payload }) => payload.length))).toEqual(
      new Set([320]),
    );
    expect(far.heard.length).toBeGreaterThan(40);
    expect(far.heard.length).toBeLessThan(55);
  });

  test('pauses with its source and marks the first packet after', () => {
    const { media, near, far } = conversion();
    media.advance(1_000);
    near.isTalking = false;
    media.advance(4_000);
    const paused = far.heard.length;
    media.advance(1_000);
    expect(far.heard).toHaveLength(paused);
    near.isTalking = true;
    media.advance(500);
    expect(far.heard[paused]!.marker).toBe(true);
    const gap = far.heard[paused]!.timestamp - far.heard[paused - 1]!.timestamp;
    expect(Math.abs(gap - 8 * (far.heard[paused]!.at - far.heard[paused - 1]!.at))).toBeLessThan(
      320,
    );
  });

  test('frees its codecs and its timer when the call ends', () => {
    const { media } = conversion();
    media.advance(500);
    media.do({ op: 'close-session', session: 'session' });
    media.advance(1_000);
    expect(media.agenda.size).toBe(2);
  });
});
