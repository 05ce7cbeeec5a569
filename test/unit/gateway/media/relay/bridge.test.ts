import { describe, expect, test } from '@jest/globals';
import { RTP } from '../../../../../gateway/media-contract/transport.ts';
import { findExtension, writeExtensions } from '../../../../../gateway/wire/rtp/extension.ts';
import { hasExtension, writeRtpHeader } from '../../../../../gateway/wire/rtp/header.ts';
import {
  audio,
  GATEWAY,
  PCMU,
  SimulatedMedia,
} from '../../../../sim/media/support/simulated-media.ts';

const LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';

/** What comes out of a leg with `extensions` when a packet with a level and a MID came in. */
function passThrough(extensions: readonly { id: number; uri: string }[]): Uint8Array {
  const media = new SimulatedMedia({ seed: 1 });
  const near = media.openLeg('near', RTP);
  media.openLeg('far', RTP);
  const ours = [
    { id: 1, uri: LEVEL },
    { id: 2, uri: MID },
  ];
  media.do(
    {
      op: 'configure-leg',
      leg: 'near',
      remote: { address: '203.0.113.1', rtpPort: 4000 },
      media: [audio([PCMU], { extensions: ours })],
    },
    {
      op: 'configure-leg',
      leg: 'far',
      remote: { address: '203.0.113.2', rtpPort: 4000 },
      media: [audio([PCMU], { extensions })],
    },
  );
  media.join('near', 'far');
  const packet = new Uint8Array(80);
  let length = writeRtpHeader(packet, 0, true, 0, 1, 1, 7);
  length += writeExtensions(packet, 0, [
    { id: 1, value: Uint8Array.of(0x55) },
    { id: 2, value: Uint8Array.of(0x30) },
  ]);
  packet.fill(0xee, length, length + 20);
  const whole = packet.subarray(0, length + 20);
  media.network.send('203.0.113.1:4000', `${GATEWAY}:${near.rtpPort}`, whole, media.now);
  media.advance(3);
  return media.network.sent.find(({ to }) => to === '203.0.113.2:4000')!.bytes;
}

describe('a bridge', () => {
  test('renumbers extensions that the other leg understands and blanks the rest', () => {
    const out = passThrough([
      { id: 5, uri: LEVEL },
      { id: 2, uri: MID },
    ]);
    expect(out[findExtension(out, 0, 5)]).toBe(0x55);
    expect(findExtension(out, 0, 2)).toBe(-1);
    expect(out.subarray(-20).every((octet) => octet === 0xee)).toBe(true);
  });

  test('takes them away whole for a leg that understands none', () => {
    const out = passThrough([]);
    expect(hasExtension(out, 0)).toBe(false);
    expect(out).toHaveLength(32);
    expect(out.subarray(-20).every((octet) => octet === 0xee)).toBe(true);
    expect(out[1]).toBe(0x80);
  });
});
