import { expect, test } from '@jest/globals';
import { RTP } from '../../../../gateway/media-contract/transport.ts';
import {
  audio,
  GATEWAY,
  PCMU,
  SimulatedMedia,
} from '../../../sim/media/support/simulated-media.ts';
import { SimulatedPhone } from '../../../sim/media/support/simulated-phone.ts';

test('statistics tell both directions in milliseconds and packets, and what was refused', () => {
  const media = new SimulatedMedia({ seed: 1 });
  const phone = new SimulatedPhone(media, { host: '203.0.113.1', port: 4000, ssrc: 7, mark: 1 });
  const local = media.openLeg('leg', RTP);
  media.do(
    {
      op: 'configure-leg',
      leg: 'leg',
      remote: { address: '203.0.113.1', rtpPort: 4000, rtcpPort: 4001 },
      media: [audio([PCMU], { localSsrc: 99 })],
    },
    { op: 'set-source', leg: 'leg', source: { kind: 'echo' } },
  );
  phone.target = `${GATEWAY}:${local.rtpPort}`;
  media.network.conditions = { delayMs: 5, jitterMs: 10, lossShare: 0, duplicateShare: 0 };
  media.advance(2_000);
  media.network.send('192.0.2.66:1', phone.target, new Uint8Array(20).fill(0x80), media.now);
  media.advance(50);
  const reply = media.execute({ op: 'statistics', leg: 'leg' });
  if (reply.op !== 'statistics') throw new Error(reply.op);
  const { received, sent, refused } = reply.statistics;
  const packets = received[0]!.packets;
  expect(received).toEqual([
    {
      mid: '0',
      kind: 'audio',
      codec: 'pcmu',
      ssrc: 7,
      packets,
      bytes: packets * 160,
      lost: 0,
      jitterMs: expect.any(Number),
    },
  ]);
  expect(received[0]!.jitterMs).toBeGreaterThan(1);
  expect(received[0]!.jitterMs).toBeLessThan(10);
  expect(sent[0]).toMatchObject({ codec: 'pcmu', ssrc: 99, packets, bytes: packets * 160 });
  expect(refused).toEqual({ 'source.refused': 1 });
});
