import { describe, expect, test } from '@jest/globals';
import { WEBRTC } from '../../../../../gateway/media-contract/transport.ts';
import { buildBindingSuccess } from '../../../../../gateway/wire/stun/build.ts';
import { hasIntegrity } from '../../../../../gateway/wire/stun/integrity.ts';
import { parseStun } from '../../../../../gateway/wire/stun/parse.ts';
import {
  audio,
  GATEWAY,
  OPUS,
  SimulatedMedia,
  WEBRTC_PORT,
} from '../../../../sim/media/support/simulated-media.ts';

const PWD = 'theirtheirtheirtheirtheir';
const GATEWAY_PORT = `${GATEWAY}:${WEBRTC_PORT}`;

/** A lite peer: it answers checks if it may, with `key`, and sends none. */
function litePeer(key = PWD) {
  const media = new SimulatedMedia({ seed: 1 });
  const requests: { useCandidate: boolean; isAuthentic: boolean }[] = [];
  let answers = true;
  media.network.attach('203.0.113.9:7000', ({ bytes }, now) => {
    const parsed = parseStun(bytes);
    if (!parsed.ok) return;
    const { useCandidate, transactionId } = parsed.value;
    requests.push({ useCandidate, isAuthentic: hasIntegrity(parsed.value, PWD) });
    const mapped = { address: GATEWAY, port: WEBRTC_PORT };
    const reply = buildBindingSuccess({ transactionId, mapped, key });
    if (answers) media.network.send('203.0.113.9:7000', GATEWAY_PORT, reply, now);
  });
  media.openLeg('leg', WEBRTC);
  media.do({
    op: 'configure-leg',
    leg: 'leg',
    remote: {
      address: '203.0.113.8',
      rtpPort: 7000,
      ice: { ufrag: 'their', pwd: PWD, lite: true },
      fingerprints: [{ hash: 'sha-256', value: 'AA' }],
      dtlsRole: 'client',
    },
    media: [audio([OPUS])],
  });
  const add = (text: string) => media.do({ op: 'add-candidates', leg: 'leg', candidates: [text] });
  const silence = () => {
    answers = false;
  };
  return { media, requests, add, silence };
}

const CANDIDATE = 'candidate:1 1 udp 2130706431 203.0.113.9 7000 typ host';
const dtlsSent = (media: SimulatedMedia) =>
  media.network.sent.filter(({ from, bytes }) => from === GATEWAY_PORT && bytes[0] === 22);

describe('a checker towards a lite peer', () => {
  test('finds the candidate that answers, nominates it, and lets DTLS begin', () => {
    const { media, requests, add } = litePeer();
    add(CANDIDATE);
    media.advance(2_000);
    expect(requests.every(({ isAuthentic }) => isAuthentic)).toBe(true);
    expect(requests.some(({ useCandidate }) => useCandidate)).toBe(true);
    expect(dtlsSent(media).every(({ to }) => to === '203.0.113.9:7000')).toBe(true);
    expect(dtlsSent(media).length).toBeGreaterThan(0);
  });

  test('refreshes consent every five seconds, no oftener', () => {
    const { media, requests, add } = litePeer();
    add(CANDIDATE);
    media.advance(2_000);
    const before = requests.length;
    media.advance(20_000);
    expect(requests.length - before).toBeGreaterThanOrEqual(3);
    expect(requests.length - before).toBeLessThanOrEqual(5);
  });

  test('believes no answer that is not authentic', () => {
    const { media, add } = litePeer('forgedforgedforgedforged');
    add(CANDIDATE);
    media.advance(3_000);
    expect(dtlsSent(media)).toHaveLength(0);
  });

  test('notices a peer that stops answering', () => {
    const { media, add, silence } = litePeer();
    add(CANDIDATE);
    media.advance(1_000);
    silence();
    media.advance(14_000);
    expect(media.eventsOf('leg-interrupted')).toHaveLength(1);
  });

  test('leaves nothing behind', () => {
    const { media, add } = litePeer();
    add(CANDIDATE);
    media.advance(1_000);
    media.do({ op: 'close-session', session: 'session' });
    expect(media.agenda.size).toBe(0);
    expect(media.packetIo.openPaths).toBe(0);
  });
});
