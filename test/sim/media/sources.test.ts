/** Where plain RTP may come from, against strangers, NATs and private descriptions. */
import { describe, expect, test } from '@jest/globals';
import { type RemoteTransport, RTP } from '../../../gateway/media-contract/transport.ts';
import { audio, GATEWAY, PCMU, SimulatedMedia } from './support/simulated-media.ts';
import { SimulatedPhone } from './support/simulated-phone.ts';

const FAR = { host: '203.0.113.2', port: 5000, ssrc: 0xb0b, mark: 0xbb };

/** A leg towards a phone that `remote` describes, joined to a far phone that hears it. */
function scene(remote: RemoteTransport, seed = 1) {
  const media = new SimulatedMedia({ seed });
  const far = new SimulatedPhone(media, FAR);
  const towardsFar = media.openLeg('far', RTP);
  const towardsNear = media.openLeg('near', RTP);
  media.do(
    {
      op: 'configure-leg',
      leg: 'far',
      remote: { address: FAR.host, rtpPort: FAR.port, rtcpPort: FAR.port + 1 },
      media: [audio([PCMU])],
    },
    { op: 'configure-leg', leg: 'near', remote, media: [audio([PCMU])] },
  );
  media.join('far', 'near');
  far.target = `${GATEWAY}:${towardsFar.rtpPort}`;
  return { media, far, target: `${GATEWAY}:${towardsNear.rtpPort}` };
}

function phone(media: SimulatedMedia, host: string, port: number, mark: number, target: string) {
  const made = new SimulatedPhone(media, { host, port, ssrc: mark * 0x101, mark });
  made.target = target;
  return made;
}

const marks = (heard: SimulatedPhone) => heard.heard.map(({ payload }) => payload[0]);

describe('plain RTP', () => {
  test('from an address that nothing promised is refused, before and after the lock', () => {
    const { media, far, target } = scene({ address: '203.0.113.7', rtpPort: 4000 });
    phone(media, '192.0.2.66', 6666, 0x66, target);
    media.advance(500);
    phone(media, '203.0.113.7', 4000, 0x77, target);
    media.advance(1_000);
    expect(marks(far)).not.toContain(0x66);
    expect(marks(far).filter((mark) => mark === 0x77).length).toBeGreaterThan(45);
  });

  test('goes to the described address from the start', () => {
    const { media, target } = scene({ address: '203.0.113.7', rtpPort: 4000 });
    const near = phone(media, '203.0.113.7', 4000, 0x77, target);
    near.isTalking = false;
    media.advance(500);
    expect(near.heard.length).toBeGreaterThan(20);
  });

  test('of a phone behind NAT with a private description flows both ways, sprayed at or not', () => {
    const { media, far, target } = scene({
      address: '192.168.1.20',
      rtpPort: 4000,
      sources: { signallingAddress: '203.0.113.80', mediaNetworks: [], anySource: false },
    });
    media.network.translate('192.168.1.20:4000', '203.0.113.80:31777');
    for (let i = 0; i < 5; i += 1) phone(media, `192.0.2.${60 + i}`, 6666, 0x66, target);
    const near = phone(media, '192.168.1.20', 4000, 0x77, target);
    media.advance(1_000);
    expect(near.heard.length).toBeGreaterThan(40);
    expect(marks(far).filter((mark) => mark === 0x77).length).toBeGreaterThan(45);
    expect(marks(far).filter((mark) => mark === 0x66)).toHaveLength(0);
    const locked = media.eventsOf('leg-source-locked').filter(({ leg }) => leg === 'near');
    expect(locked).toEqual([{ type: 'leg-source-locked', leg: 'near', rank: 1 }]);
  });

  test('from anywhere, where policy lets it, is at most five packets of a stranger before the lock', () => {
    const { media, far, target } = scene({
      address: '203.0.113.7',
      rtpPort: 4000,
      sources: { mediaNetworks: [], anySource: true },
    });
    const stranger = phone(media, '192.0.2.66', 6666, 0x66, target);
    media.advance(30);
    phone(media, '203.0.113.7', 4000, 0x77, target);
    media.advance(1_000);
    expect(marks(far).filter((mark) => mark === 0x66).length).toBeLessThanOrEqual(5);
    expect(marks(far).at(-1)).toBe(0x77);
    expect(stranger.heard).toHaveLength(0);
  });

  test('from the trunk’s media networks is heard where SDP named another address', () => {
    const { media, far, target } = scene({
      address: '203.0.113.7',
      rtpPort: 4000,
      sources: { mediaNetworks: ['198.18.0.0/15'], anySource: false },
    });
    const near = phone(media, '198.19.200.1', 7000, 0x77, target);
    media.advance(500);
    expect(marks(far)).toContain(0x77);
    expect(near.heard.length).toBeGreaterThan(15);
  });

  test('goes on from elsewhere after ten seconds of silence, only as the same stream', () => {
    const { media, far, target } = scene({
      address: '203.0.113.7',
      rtpPort: 4000,
      sources: { mediaNetworks: ['203.0.113.0/24'], anySource: false },
    });
    const near = phone(media, '203.0.113.7', 4000, 0x77, target);
    media.advance(1_000);
    near.isTalking = false;
    const other = phone(media, '203.0.113.99', 4444, 0x99, target);
    media.advance(5_000);
    expect(marks(far)).not.toContain(0x99);
    media.advance(6_000);
    expect(marks(far)).not.toContain(0x99);
    other.ssrc = near.ssrc;
    other.sequence = near.sequence + 500;
    media.advance(200);
    expect(marks(far)).toContain(0x99);
    expect(other.heard.length).toBeGreaterThan(5);
  });

  test('opens again when SDP names another address', () => {
    const { media, far, target } = scene({ address: '203.0.113.7', rtpPort: 4000 });
    const near = phone(media, '203.0.113.7', 4000, 0x77, target);
    media.advance(500);
    near.isTalking = false;
    const next = phone(media, '203.0.113.8', 4400, 0x88, target);
    media.advance(200);
    expect(marks(far)).not.toContain(0x88);
    media.do({
      op: 'configure-leg',
      leg: 'near',
      remote: { address: '203.0.113.8', rtpPort: 4400 },
      media: [audio([PCMU])],
    });
    media.advance(200);
    expect(marks(far)).toContain(0x88);
    expect(next.heard.length).toBeGreaterThan(5);
  });

  test('held by 0.0.0.0 is sent nowhere', () => {
    const { media } = scene({ address: '0.0.0.0', rtpPort: 4000 });
    const before = media.network.sent.length;
    media.advance(500);
    const away = media.network.sent.slice(before).filter(({ to }) => to.startsWith('0.0.0.0'));
    expect(away).toHaveLength(0);
  });
});

describe('a leg that nobody speaks on', () => {
  test('sends silence to the described address, until it hears something', () => {
    const { media, far, target } = scene({ address: '203.0.113.7', rtpPort: 4000 });
    far.isTalking = false;
    const near = phone(media, '203.0.113.7', 4000, 0x77, target);
    near.isTalking = false;
    media.advance(1_000);
    expect(near.heard.length).toBeGreaterThanOrEqual(4);
    expect(near.heard.every(({ payload }) => payload.every((octet) => octet === 0xff))).toBe(true);
    near.isTalking = true;
    media.advance(300);
    const heard = near.heard.length;
    media.advance(2_000);
    expect(near.heard).toHaveLength(heard);
  });
});
