import { describe, expect, test } from '@jest/globals';
import { RTP } from '../../../../gateway/media-contract/transport.ts';
import { writeExtensions } from '../../../../gateway/wire/rtp/extension.ts';
import { writeRtpHeader } from '../../../../gateway/wire/rtp/header.ts';
import {
  audio,
  GATEWAY,
  PCMU,
  SimulatedMedia,
} from '../../../sim/media/support/simulated-media.ts';

const MID = { id: 4, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' };
const PEER = '203.0.113.1:4000';

/** A leg with two audio lines of the same payload type. */
function twoLines(firstSsrcs: readonly number[] = []) {
  const media = new SimulatedMedia({ seed: 1 });
  const { rtpPort } = media.openLeg('leg', RTP);
  media.do({
    op: 'configure-leg',
    leg: 'leg',
    remote: { address: '203.0.113.1', rtpPort: 4000, rtcpPort: 4001 },
    media: [
      audio([PCMU], { mid: 'one', extensions: [MID], remoteSsrcs: firstSsrcs }),
      audio([PCMU], { mid: 'two', extensions: [MID] }),
    ],
  });
  const send = (ssrc: number, mid?: string) => {
    const packet = new Uint8Array(64);
    let length = writeRtpHeader(packet, 0, false, 0, 1, 1, ssrc);
    const value = new TextEncoder().encode(mid);
    if (mid !== undefined) length += writeExtensions(packet, 0, [{ id: MID.id, value }]);
    const whole = packet.subarray(0, length + 20);
    media.network.send(PEER, `${GATEWAY}:${rtpPort}`, whole, media.now);
    media.advance(2);
  };
  const received = () => {
    const reply = media.execute({ op: 'statistics', leg: 'leg' });
    if (reply.op !== 'statistics') throw new Error(reply.op);
    const { received: streams, refused } = reply.statistics;
    return { lines: streams.map(({ mid, ssrc }) => [mid, ssrc]), refused };
  };
  return { media, send, received };
}

describe('a media leg', () => {
  test('knows a new SSRC’s line by its MID', () => {
    const { send, received } = twoLines();
    send(7, 'two');
    expect(received().lines).toEqual([['two', 7]]);
  });

  test('knows it by announcement where there is no MID', () => {
    const { send, received } = twoLines([9]);
    send(9);
    expect(received().lines).toEqual([['one', 9]]);
  });

  test('refuses one that could belong to either line', () => {
    const { send, received } = twoLines();
    send(5);
    expect(received()).toEqual({ lines: [], refused: { 'rtp.no_media': 1 } });
  });

  test('remembers the line when later packets carry no MID', () => {
    const { send, received } = twoLines();
    send(7, 'two');
    send(7);
    expect(received().lines).toEqual([['two', 7]]);
    expect(received().refused).toEqual({});
  });

  test('takes no configuration once it has failed', () => {
    const { media } = twoLines();
    media.packetIo.send = () => {
      throw new Error('ours');
    };
    media.advance(12_000);
    expect(media.eventsOf('leg-failed')).toHaveLength(1);
    const remote = { address: '203.0.113.1', rtpPort: 4000 };
    const reply = media.execute({ op: 'configure-leg', leg: 'leg', remote, media: [] });
    expect(reply).toMatchObject({ fault: { code: 'media.leg_failed' } });
  });

  test('keeps a line’s SSRC through reconfiguration, and forgets lines that are gone', () => {
    const { media, send, received } = twoLines();
    send(7, 'two');
    media.do({
      op: 'configure-leg',
      leg: 'leg',
      remote: { address: '203.0.113.1', rtpPort: 4000, rtcpPort: 4001 },
      media: [audio([PCMU], { mid: 'one', extensions: [MID] })],
    });
    expect(received().lines).toEqual([]);
  });
});
