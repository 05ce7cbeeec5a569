import { expect, test } from '@jest/globals';
import { RTP } from '../../../../../gateway/media-contract/transport.ts';
import { audio, PCMU, SimulatedMedia } from '../../../../sim/media/support/simulated-media.ts';
import { SimulatedPhone } from '../../../../sim/media/support/simulated-phone.ts';

test('who sends nothing reports as a receiver, with the CNAME that was announced', () => {
  const media = new SimulatedMedia({ seed: 1 });
  const phone = new SimulatedPhone(media, { host: '203.0.113.1', port: 4000, ssrc: 1, mark: 1 });
  media.openLeg('leg', RTP);
  media.do({
    op: 'configure-leg',
    leg: 'leg',
    remote: { address: '203.0.113.1', rtpPort: 4000, rtcpPort: 4001 },
    media: [audio([PCMU], { direction: 'recvonly', localSsrc: 77, localCname: 'gateway' })],
  });
  media.advance(5_000);
  expect(phone.reports.slice(0, 2)).toEqual([
    { type: 'receiver-report', ssrc: 77, reports: [] },
    { type: 'source-description', chunks: [{ ssrc: 77, cname: 'gateway' }] },
  ]);
  media.do({ op: 'close-session', session: 'session' });
  const before = phone.reports.length;
  media.advance(20_000);
  expect(phone.reports).toHaveLength(before);
});
