import { describe, expect, test } from '@jest/globals';
import { MOST_RECEIVED_STREAMS } from '../../../../../gateway/media/limits.ts';
import { RTP } from '../../../../../gateway/media-contract/transport.ts';
import {
  audio,
  GATEWAY,
  PCMU,
  SimulatedMedia,
} from '../../../../sim/media/support/simulated-media.ts';
import { SimulatedPhone } from '../../../../sim/media/support/simulated-phone.ts';

function echo(direction: 'sendrecv' | 'sendonly' | 'recvonly' = 'sendrecv') {
  const media = new SimulatedMedia({ seed: 1 });
  const phone = new SimulatedPhone(media, { host: '203.0.113.1', port: 4000, ssrc: 1, mark: 1 });
  const local = media.openLeg('leg', RTP);
  media.do(
    {
      op: 'configure-leg',
      leg: 'leg',
      remote: { address: '203.0.113.1', rtpPort: 4000 },
      media: [audio([PCMU], { direction })],
    },
    { op: 'set-source', leg: 'leg', source: { kind: 'echo' } },
  );
  phone.target = `${GATEWAY}:${local.rtpPort}`;
  return { media, phone };
}

const statistics = (media: SimulatedMedia) => {
  const reply = media.execute({ op: 'statistics', leg: 'leg' });
  if (reply.op !== 'statistics') throw new Error(reply.op);
  return reply.statistics;
};

describe('an m-line', () => {
  test('receives nothing while its direction is to send only', () => {
    const { media } = echo('sendonly');
    media.advance(200);
    expect(media.eventsOf('leg-receiving')).toHaveLength(0);
    expect(statistics(media).refused['rtp.direction']).toBeGreaterThan(5);
  });

  test('sends nothing while its direction is to receive only', () => {
    const { media, phone } = echo('recvonly');
    media.advance(200);
    expect(phone.heard).toHaveLength(0);
    expect(media.eventsOf('leg-receiving')).toHaveLength(1);
  });

  test('listens to a limited number of SSRCs; the one silent longest gives way', () => {
    const { media, phone } = echo();
    for (let i = 1; i <= MOST_RECEIVED_STREAMS + 3; i += 1) {
      phone.ssrc = i;
      media.advance(100);
    }
    const ssrcs = statistics(media).received.map(({ ssrc }) => ssrc);
    expect(ssrcs).toEqual(Array.from({ length: MOST_RECEIVED_STREAMS }, (_, index) => index + 4));
  });

  test('goes on after an SSRC came back that had given way', () => {
    const { media, phone } = echo();
    for (let i = 1; i <= MOST_RECEIVED_STREAMS + 1; i += 1) {
      phone.ssrc = i;
      media.advance(100);
    }
    phone.ssrc = 1;
    const heard = phone.heard.length;
    media.advance(500);
    expect(phone.heard.length - heard).toBeGreaterThan(20);
  });
});
