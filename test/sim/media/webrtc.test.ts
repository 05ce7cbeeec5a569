/** A browser on the shared port: ICE-lite, DTLS, and strangers who have neither. */
import { describe, expect, test } from '@jest/globals';
import { WEBRTC } from '../../../gateway/media-contract/transport.ts';
import { SimulatedBrowser } from './support/simulated-browser.ts';
import { audio, GATEWAY, OPUS, SimulatedMedia, WEBRTC_PORT } from './support/simulated-media.ts';

const PORT = `${GATEWAY}:${WEBRTC_PORT}`;

/** A browser whose leg echoes; configured unless the answer is to come later. */
function scene({ seed = 1, isAnswered = true } = {}) {
  const media = new SimulatedMedia({ seed });
  const browser = new SimulatedBrowser(media, { host: '203.0.113.5', port: 50_000, ssrc: 0xb });
  const local = media.openLeg('web', WEBRTC);
  const answer = (fingerprints = browser.describe().fingerprints) =>
    media.do(
      {
        op: 'configure-leg',
        leg: 'web',
        remote: { ...browser.describe(), fingerprints },
        media: [audio([OPUS])],
      },
      { op: 'set-source', leg: 'web', source: { kind: 'echo' } },
    );
  if (isAnswered) answer();
  browser.connect(local);
  return { media, browser, local, answer };
}

/** What the gateway sent to `host`. */
function sentTo(media: SimulatedMedia, host: string) {
  return media.network.sent.filter(({ from, to }) => from === PORT && to.startsWith(`${host}:`));
}

describe('a WebRTC leg', () => {
  test('connects, and echoes', () => {
    const { media, browser } = scene();
    media.advance(2_000);
    expect(media.eventsOf('leg-connected')).toHaveLength(1);
    expect(browser.heard.length).toBeGreaterThan(90);
  });

  test('connects at a fifth of all datagrams lost', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { media, browser } = scene({ seed });
      media.network.conditions = {
        delayMs: 40,
        jitterMs: 30,
        lossShare: 0.2,
        duplicateShare: 0.05,
      };
      media.advance(8_000);
      expect(browser.isKeyed).toBe(true);
      expect(browser.heard.length).toBeGreaterThan(100);
    }
  });

  test('names its process in the ufrag', () => {
    const { local } = scene();
    expect(local.ice!.ufrag).toMatch(/^m0[A-Za-z0-9+/]{8}$/);
    expect(local.ice!.pwd.length).toBeGreaterThanOrEqual(22);
  });

  test('holds media both ways until the fingerprint is known', () => {
    const { media, browser, answer } = scene({ isAnswered: false });
    media.advance(3_000);
    expect(browser.isKeyed).toBe(true);
    expect(browser.heard).toHaveLength(0);
    expect(media.eventsOf('leg-connected')).toHaveLength(0);
    answer();
    media.advance(1_000);
    expect(browser.heard.length).toBeGreaterThan(40);
  });

  test('fails on another certificate than the promised one, and gives no key to it', () => {
    const { media, browser, answer } = scene({ isAnswered: false });
    answer([{ hash: 'sha-256', value: `${'AA:'.repeat(31)}AA` }]);
    media.advance(3_000);
    expect(media.eventsOf('leg-failed')).toMatchObject([{ failure: 'fingerprint-mismatch' }]);
    expect(browser.heard).toHaveLength(0);
    expect(media.srtp.openContexts).toBe(0);
    expect(media.eventsOf('leg-receiving')).toHaveLength(0);
  });

  test('fails when no check ever comes', () => {
    const { media, browser } = scene();
    browser.isChecking = false;
    media.advance(32_000);
    expect(media.eventsOf('leg-failed')).toMatchObject([{ failure: 'ice-failed' }]);
  });

  test('fails when DTLS never finishes', () => {
    const { media, browser } = scene();
    media.advance(0);
    browser.connect({ ...media.openLeg('web', WEBRTC) });
    const deaf = media.network;
    deaf.detach(browser.address);
    media.advance(32_000);
    expect(media.eventsOf('leg-failed')).toMatchObject([{ failure: 'dtls-timeout' }]);
  });

  test('is interrupted after 7 s without a check, resumed by one, dead after 30 s', () => {
    const { media, browser } = scene();
    media.advance(1_000);
    browser.isChecking = false;
    media.advance(6_000);
    expect(media.eventsOf('leg-interrupted')).toHaveLength(0);
    media.advance(2_500);
    expect(media.eventsOf('leg-interrupted')).toHaveLength(1);
    browser.isChecking = true;
    media.advance(1_000);
    expect(media.eventsOf('leg-resumed')).toHaveLength(1);
    browser.isChecking = false;
    media.advance(32_000);
    expect(media.eventsOf('leg-failed')).toMatchObject([{ failure: 'ice-failed' }]);
  });

  test('follows a browser whose NAT rebinds silently: heard at once, answered at its next check', () => {
    const { media, browser } = scene();
    media.advance(1_500);
    browser.isChecking = false;
    media.network.translate(browser.address, '203.0.113.5:60001');
    const received = () => {
      const reply = media.execute({ op: 'statistics', leg: 'web' });
      return reply.op === 'statistics' ? reply.statistics.received[0]!.packets : 0;
    };
    const before = received();
    media.advance(200);
    expect(received() - before).toBeGreaterThan(8);
    browser.isChecking = true;
    media.advance(600);
    const heard = browser.heard.length;
    media.advance(200);
    expect(browser.heard.length - heard).toBeGreaterThan(8);
  });

  test('is not moved by a copy of an old packet from elsewhere', () => {
    const { media, browser } = scene();
    media.advance(1_500);
    const { sent } = media.network;
    const copy = sent.findLast(({ from, bytes }) => from === browser.address && bytes[0] === 0x80);
    media.network.send('192.0.2.66:6666', PORT, copy!.bytes, media.now);
    media.advance(1_000);
    expect(sentTo(media, '192.0.2.66')).toHaveLength(0);
  });

  test('restarts ICE: old credentials work until the new ones have', () => {
    const { media, browser, local } = scene();
    media.advance(1_000);
    const reply = media.execute({ op: 'restart-ice', leg: 'web' });
    if (reply.op !== 'leg') throw new Error('no leg');
    expect(reply.local.ice!.ufrag).not.toBe(local.ice!.ufrag);
    let before = browser.successes;
    media.advance(1_000);
    expect(browser.successes).toBeGreaterThan(before);
    browser.connect(reply.local);
    media.advance(1_000);
    browser.connect(local);
    before = browser.successes;
    media.advance(1_000);
    expect(browser.successes).toBe(before);
  });

  test('is closed by the peer’s close_notify', () => {
    const { media, browser } = scene();
    media.advance(1_000);
    browser.close(media.now);
    media.advance(50);
    expect(media.eventsOf('leg-closed-by-peer')).toEqual([
      { type: 'leg-closed-by-peer', leg: 'web' },
    ]);
  });

  test('leaves nothing behind', () => {
    const { media } = scene();
    media.advance(1_500);
    media.do({ op: 'close-session', session: 'session' });
    media.advance(100);
    expect(media.execute({ op: 'census' })).toMatchObject({
      census: { sessions: 0, legs: 0, timers: 0, portsInUse: 0, portsDraining: 0 },
    });
    expect(media.dtls.openAssociations).toBe(0);
    expect(media.srtp.openContexts).toBe(0);
    expect(media.packetIo.openPaths).toBe(0);
  });
});

describe('a stranger on the WebRTC port', () => {
  test('gets no answer to STUN with wrong or no integrity, and leaves no state', () => {
    const { media, browser } = scene();
    media.advance(1_000);
    const stranger = new SimulatedBrowser(media, { host: '192.0.2.66', port: 666, ssrc: 6 });
    const local = media.openLeg('web', WEBRTC);
    stranger.connect({ ...local, ice: { ...local.ice!, pwd: 'wrongwrongwrongwrongwrong' } });
    media.advance(2_000);
    stranger.connect({ ...local, ice: { ...local.ice!, ufrag: 'm0nobody' } });
    const timers = media.agenda.size;
    media.advance(2_000);
    expect(sentTo(media, '192.0.2.66')).toHaveLength(0);
    expect(media.agenda.size).toBe(timers);
    expect(browser.heard.length).toBeGreaterThan(200);
  });

  test('reaches no DTLS: hello, alert and garbage are silently dropped', () => {
    const { media, browser } = scene();
    const hello = new Uint8Array(60);
    hello[0] = 22;
    hello[13] = 1;
    const alert = new Uint8Array(15);
    alert[0] = 21;
    for (let i = 0; i < 40; i += 1) {
      for (const bytes of [hello, alert, new Uint8Array(40).fill(0xff)]) {
        media.network.send('192.0.2.66:666', PORT, bytes, media.now);
      }
      media.advance(50);
    }
    expect(sentTo(media, '192.0.2.66')).toHaveLength(0);
    expect(browser.heard.length).toBeGreaterThan(80);
    expect(media.eventsOf('leg-failed')).toHaveLength(0);
  });

  test('who knows the confirmed address cannot end the call with an alert or a hello in clear', () => {
    const { media, browser } = scene();
    media.advance(1_000);
    const hello = new Uint8Array(60);
    hello[0] = 22;
    hello[13] = 1;
    const alert = new Uint8Array(15);
    alert[0] = 21;
    media.network.send(browser.address, PORT, alert, media.now);
    media.network.send(browser.address, PORT, hello, media.now);
    const heard = browser.heard.length;
    media.advance(1_000);
    expect(browser.heard.length - heard).toBeGreaterThan(45);
    expect(media.eventsOf('leg-closed-by-peer')).toHaveLength(0);
  });

  test('forges no SRTP, from the peer’s address or another', () => {
    const { media, browser } = scene();
    media.advance(1_000);
    const forged = new Uint8Array(100);
    forged[0] = 0x80;
    forged[1] = 111;
    forged.set([0x7f, 0xff], 2);
    forged[11] = 0xb;
    browser.isTalking = false;
    media.advance(100);
    const heard = browser.heard.length;
    for (let i = 0; i < 50; i += 1) {
      media.network.send(browser.address, PORT, forged, media.now);
      media.network.send('192.0.2.66:666', PORT, forged, media.now);
    }
    media.advance(200);
    expect(browser.heard).toHaveLength(heard);
    expect(sentTo(media, '192.0.2.66')).toHaveLength(0);
  });
});
