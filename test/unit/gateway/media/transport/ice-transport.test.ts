import { describe, expect, test } from '@jest/globals';
import { MOST_RECEIVE_ONLY_TUPLES } from '../../../../../gateway/media/limits.ts';
import { WEBRTC } from '../../../../../gateway/media-contract/transport.ts';
import { SimulatedBrowser } from '../../../../sim/media/support/simulated-browser.ts';
import { audio, OPUS, SimulatedMedia } from '../../../../sim/media/support/simulated-media.ts';

function connected(ssrcs: readonly number[] = []) {
  const media = new SimulatedMedia({
    seed: 1,
    media: { extraWebRtcAddresses: ['198.51.100.2'] },
  });
  const browser = new SimulatedBrowser(media, { host: '203.0.113.5', port: 5000, ssrc: 0xb });
  const local = media.openLeg('leg', WEBRTC);
  const plan = audio([OPUS], { remoteSsrcs: ssrcs });
  media.do(
    { op: 'configure-leg', leg: 'leg', remote: browser.describe(), media: [plan] },
    { op: 'set-source', leg: 'leg', source: { kind: 'echo' } },
  );
  browser.connect(local);
  media.advance(1_500);
  return { media, browser, local };
}

const refused = (media: SimulatedMedia) => {
  const reply = media.execute({ op: 'statistics', leg: 'leg' });
  return reply.op === 'statistics' ? reply.statistics.refused : {};
};

describe('a transport by ICE', () => {
  test('offers every address that WebRTC is bound to', () => {
    const { local } = connected();
    expect(local.ice!.candidates.map(({ address }) => address)).toEqual([
      '198.51.100.1',
      '198.51.100.2',
    ]);
  });

  test('counts candidates that it has no need of', () => {
    const { media } = connected();
    const candidates = ['candidate:1 1 udp 1 203.0.113.5 5000 typ host', 'garbage'];
    media.do({ op: 'add-candidates', leg: 'leg', candidates });
    expect(refused(media)).toEqual({
      'ice.candidate_unneeded': 1,
      'ice.candidate_unusable': 1,
    });
  });

  test('does not follow media alone: until a check comes, what is sent goes where it went', () => {
    const { media, browser } = connected();
    browser.isChecking = false;
    media.network.translate(browser.address, '203.0.113.5:6000');
    media.advance(500);
    const lately = media.network.sent.slice(-20).filter(({ from }) => from.startsWith('198.51'));
    expect(new Set(lately.map(({ to }) => to))).toEqual(new Set(['203.0.113.5:5000']));
    expect(media.eventsOf('leg-interrupted')).toHaveLength(0);
  });

  test('takes no DTLS from an address known by media only', () => {
    const { media, browser } = connected();
    browser.isChecking = false;
    media.network.translate(browser.address, '203.0.113.5:6000');
    media.advance(100);
    browser.close(media.now);
    media.advance(100);
    expect(media.eventsOf('leg-closed-by-peer')).toHaveLength(0);
    expect(refused(media)).toEqual({ 'dtls.unconfirmed': 1 });
  });

  test('knows a limited number of addresses by media only', () => {
    const { media, browser } = connected([0xb]);
    browser.isChecking = false;
    for (let i = 0; i < 20; i += 1) {
      media.network.translate(browser.address, `203.0.113.5:${6000 + i}`);
      media.advance(40);
    }
    browser.isTalking = false;
    media.do({ op: 'close-session', session: 'session' });
    expect(MOST_RECEIVE_ONLY_TUPLES).toBeLessThan(20);
    expect(media.packetIo.openPaths).toBe(0);
  });

  test('answers an authentic request that it cannot serve with an error, and keeps no path', () => {
    const { media, browser, local } = connected();
    const paths = media.packetIo.openPaths;
    browser.isChecking = false;
    browser.sendControlled(local, media.now);
    media.advance(10);
    expect(browser.errors).toBe(1);
    expect(media.packetIo.openPaths).toBe(paths);
  });
});
