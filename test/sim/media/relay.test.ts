/** Relayed media between an SDES leg and a plain one, over networks good and bad. */
import { describe, expect, test } from '@jest/globals';
import { RTP, SDES } from '../../../gateway/media-contract/transport.ts';
import { SimulatedKeyedPhone, sdesKey } from './support/simulated-keyed-phone.ts';
import { audio, GATEWAY, PCMA, PCMU, SimulatedMedia } from './support/simulated-media.ts';
import { SimulatedPhone } from './support/simulated-phone.ts';

const OWN_KEY = sdesKey(0x11);
const GATEWAY_KEY = sdesKey(0x22);

/** Alice speaks SRTP, Bob plain RTP, and they are joined. */
function call(seed: number, plan = audio([PCMU])) {
  const media = new SimulatedMedia({ seed });
  const alice = new SimulatedKeyedPhone(
    media,
    { host: '203.0.113.1', port: 4000, ssrc: 0xa11ce, mark: 0xaa, firstSequence: 65_500 },
    OWN_KEY,
    GATEWAY_KEY,
  );
  const bob = new SimulatedPhone(media, {
    host: '203.0.113.2',
    port: 5000,
    ssrc: 0xb0b,
    mark: 0xbb,
  });
  const towardsAlice = media.openLeg('alice', SDES);
  const towardsBob = media.openLeg('bob', RTP);
  media.do(
    {
      op: 'configure-leg',
      leg: 'alice',
      remote: {
        address: '203.0.113.1',
        rtpPort: 4000,
        rtcpPort: 4001,
        sdes: { local: GATEWAY_KEY, remote: OWN_KEY },
      },
      media: [plan],
    },
    {
      op: 'configure-leg',
      leg: 'bob',
      remote: { address: '203.0.113.2', rtpPort: 5000, rtcpPort: 5001 },
      media: [plan],
    },
  );
  media.join('alice', 'bob');
  alice.target = `${GATEWAY}:${towardsAlice.rtpPort}`;
  bob.target = `${GATEWAY}:${towardsBob.rtpPort}`;
  return { media, alice, bob };
}

function repeated(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

describe('a relayed call', () => {
  test('carries every packet both ways, each under one SSRC of the gateway', () => {
    const { media, alice, bob } = call(1);
    media.advance(2_000);
    expect(alice.heard.length).toBeGreaterThanOrEqual(99);
    expect(bob.heard.length).toBeGreaterThanOrEqual(99);
    expect(alice.heard.every(({ payload }) => payload[0] === 0xbb)).toBe(true);
    expect(bob.heard.every(({ payload }) => payload[0] === 0xaa)).toBe(true);
    expect(new Set(bob.heard.map(({ ssrc }) => ssrc)).size).toBe(1);
    expect(bob.heard[0]!.ssrc).not.toBe(0xa11ce);
    expect(alice.forged).toBe(0);
  });

  test('keeps sequence and timestamp steps, across the wrap too, and begins below 2^15', () => {
    const { media, bob } = call(2);
    media.advance(3_000);
    const [first] = bob.heard;
    expect(first!.sequence).toBeLessThanOrEqual(0x8000);
    for (const [index, packet] of bob.heard.entries()) {
      expect(packet.sequence).toBe((first!.sequence + index) & 0xffff);
      expect(packet.timestamp).toBe((first!.timestamp + index * 160) >>> 0);
    }
  });

  test('adds no delay of its own', () => {
    const { media, alice, bob } = call(3);
    bob.isTalking = false;
    media.advance(500);
    bob.heard.length = 0;
    const before = alice.sent;
    media.advance(20);
    expect(alice.sent).toBe(before + 1);
    media.advance(2);
    expect(bob.heard).toHaveLength(1);
  });

  test('never repeats a (key, SSRC, index), whatever is lost, doubled or out of order', () => {
    for (const seed of [4, 5, 6]) {
      const { media, alice, bob } = call(seed);
      media.network.conditions = {
        delayMs: 10,
        jitterMs: 45,
        lossShare: 0.1,
        duplicateShare: 0.05,
      };
      media.advance(4_000);
      bob.ssrc = 0xb0b2;
      bob.sequence = 40_000;
      media.advance(4_000);
      bob.sequence = 3;
      media.advance(4_000);
      expect(repeated(media.srtp.sentIndices)).toEqual([]);
      expect(alice.heard.length).toBeGreaterThan(400);
      expect(alice.forged).toBe(0);
    }
  });

  test('goes on under the same SSRC and numbering when the source changes', () => {
    const { media, alice, bob } = call(7);
    media.advance(1_000);
    const before = alice.heard.at(-1)!;
    bob.ssrc = 0xb0b2;
    bob.sequence = 50_000;
    bob.timestamp = 7;
    media.advance(1_000);
    const after = alice.heard.find(({ at }) => at > before.at)!;
    expect(after.ssrc).toBe(before.ssrc);
    expect(after.sequence).toBe((before.sequence + 1) & 0xffff);
    const ahead = (after.timestamp - before.timestamp) | 0;
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThan(8000 * 0.2);
  });

  test('does not mix two sources that overlap', () => {
    const { media, alice, bob } = call(8);
    media.advance(500);
    alice.heard.length = 0;
    for (let i = 0; i < 10; i += 1) {
      media.advance(20);
      const { ssrc } = bob;
      bob.ssrc = 0xdead;
      bob.sendAs(new Uint8Array(160).fill(0xdd), i, i * 160, media.now);
      bob.ssrc = ssrc;
    }
    expect(alice.heard.filter(({ payload }) => payload[0] === 0xdd)).toHaveLength(0);
  });

  test('carries on unheard through a refresh of the same description', () => {
    const { media, alice, bob } = call(9);
    media.advance(500);
    media.do({
      op: 'configure-leg',
      leg: 'bob',
      remote: { address: '203.0.113.2', rtpPort: 5000, rtcpPort: 5001 },
      media: [audio([PCMU])],
    });
    media.advance(500);
    for (const [index, packet] of bob.heard.entries()) {
      expect(packet.sequence).toBe((bob.heard[0]!.sequence + index) & 0xffff);
    }
    expect(alice.heard.length).toBeGreaterThanOrEqual(49);
    expect(media.eventsOf('leg-source-locked')).toHaveLength(2);
  });

  test('drops what was not agreed: other payload types, and media against the direction', () => {
    const { media, alice, bob } = call(10);
    media.advance(200);
    const heard = alice.heard.length;
    bob.isTalking = false;
    bob.send(new Uint8Array(160), media.now, { payloadType: 77 });
    media.advance(50);
    expect(alice.heard).toHaveLength(heard);
    const recvonly = audio([PCMU], { direction: 'inactive' });
    media.do({
      op: 'configure-leg',
      leg: 'bob',
      remote: { address: '203.0.113.2', rtpPort: 5000, rtcpPort: 5001 },
      media: [recvonly],
    });
    bob.isTalking = true;
    media.advance(200);
    expect(alice.heard).toHaveLength(heard);
  });

  test('is transcoded between PCMU and PCMA, paced by our own clock', () => {
    const { media, alice, bob } = call(11);
    media.do({
      op: 'configure-leg',
      leg: 'bob',
      remote: { address: '203.0.113.2', rtpPort: 5000, rtcpPort: 5001 },
      media: [audio([PCMA])],
    });
    media.advance(2_000);
    expect(bob.heard.length).toBeGreaterThanOrEqual(95);
    expect(bob.heard.every(({ payloadType }) => payloadType === 8)).toBe(true);
    const gaps = bob.heard.slice(1).map((packet, index) => packet.at - bob.heard[index]!.at);
    expect(Math.max(...gaps.slice(5))).toBeLessThanOrEqual(21);
    const steps = bob.heard.slice(1).map(({ timestamp }, i) => timestamp - bob.heard[i]!.timestamp);
    expect(new Set(steps)).toEqual(new Set([160]));
    expect(alice.forged).toBe(0);
  });

  test('leaves nothing behind but ports that drain', () => {
    const { media } = call(12);
    media.advance(500);
    media.do({ op: 'close-session', session: 'session' });
    const census = media.execute({ op: 'census' });
    expect(census).toMatchObject({
      census: { sessions: 0, legs: 0, portsInUse: 0, portsDraining: 2, timers: 2 },
    });
    expect(media.srtp.openContexts).toBe(0);
    expect(media.packetIo.openPaths).toBe(0);
  });
});

describe('an echo', () => {
  test('gives a peer its own media back', () => {
    const { media, bob } = call(13);
    media.do({ op: 'set-source', leg: 'bob', source: { kind: 'echo' } });
    media.advance(1_000);
    const echoed = bob.heard.filter(({ payload }) => payload[0] === 0xbb);
    expect(echoed.length).toBeGreaterThanOrEqual(49);
  });
});

describe('a freed port', () => {
  test('keeps the old peer from being heard in a new call', () => {
    const media = new SimulatedMedia({
      seed: 14,
      media: { rtpPorts: { first: 20_000, last: 20_003 } },
    });
    const old = new SimulatedPhone(media, { host: '203.0.113.9', port: 4000, ssrc: 9, mark: 0x99 });
    const local = media.openLeg('old', RTP);
    media.do({
      op: 'configure-leg',
      leg: 'old',
      remote: { address: '203.0.113.9', rtpPort: 4000 },
      media: [audio([PCMU])],
    });
    old.target = `${GATEWAY}:${local.rtpPort}`;
    media.advance(1_000);
    media.do({ op: 'close-session', session: 'session' });
    const first = media.openLeg('new', RTP);
    expect(first.rtpPort).not.toBe(local.rtpPort);
    const second = media.execute({
      op: 'open-leg',
      session: 's2',
      leg: 'none',
      transport: RTP,
      interface: 'public',
    });
    expect(second).toMatchObject({ op: 'fault', fault: { code: 'media.no_ports' } });
    media.advance(40_000);
    expect(media.execute({ op: 'census' })).toMatchObject({ census: { portsDraining: 1 } });
    old.isTalking = false;
    media.advance(6_000);
    expect(media.execute({ op: 'census' })).toMatchObject({ census: { portsDraining: 0 } });
    expect(media.openLeg('again', RTP).rtpPort).toBe(local.rtpPort);
  });
});
