import { describe, expect, test } from '@jest/globals';
import { RTP, SDES, WEBRTC } from '../../../../gateway/media-contract/transport.ts';
import {
  audio,
  GATEWAY,
  PCMU,
  SimulatedMedia,
} from '../../../sim/media/support/simulated-media.ts';

const media = () => new SimulatedMedia({ seed: 1 });
const open = (leg: string, transport = RTP) =>
  ({ op: 'open-leg', session: 's', leg, transport, interface: 'public' }) as const;

describe('the media engine', () => {
  test('greets its own version and refuses another', () => {
    const hello = { op: 'hello', signallingEpoch: 'x' } as const;
    expect(media().execute({ ...hello, version: 1 })).toEqual({
      op: 'hello',
      version: 1,
      process: 'm0',
      epoch: 'epoch',
    });
    expect(media().execute({ ...hello, version: 2 })).toMatchObject({
      fault: { code: 'media.version' },
    });
  });

  test('opens a leg once, however often it is asked', () => {
    const engine = media();
    const first = engine.execute(open('a', SDES));
    expect(first).toEqual({
      op: 'leg',
      leg: 'a',
      local: { address: GATEWAY, rtpPort: 20_000, rtcpPort: 20_001 },
    });
    expect(engine.execute(open('a', SDES))).toEqual(first);
    expect(engine.execute({ op: 'census' })).toMatchObject({ census: { legs: 1, portsInUse: 1 } });
  });

  test('gives a WebRTC leg candidates, credentials and a fingerprint on the one port', () => {
    const reply = media().execute(open('a', WEBRTC));
    expect(reply).toMatchObject({
      local: {
        rtpPort: 10_000,
        rtcpPort: 10_000,
        ice: { candidates: [{ address: GATEWAY, port: 10_000 }] },
        fingerprints: [{ hash: 'sha-256' }],
      },
    });
  });

  test('refuses an unknown interface, leg and session with a fault', () => {
    const engine = media();
    expect(engine.execute({ ...open('a'), interface: 'none' })).toMatchObject({
      fault: { code: 'media.unknown_interface' },
    });
    expect(engine.execute({ op: 'statistics', leg: 'a' })).toMatchObject({
      fault: { code: 'media.unknown_leg' },
    });
    expect(engine.execute({ op: 'attach-recovery', session: 's', recovery: 1 })).toMatchObject({
      fault: { code: 'media.unknown_session' },
    });
    engine.execute(open('plain'));
    expect(engine.execute({ op: 'restart-ice', leg: 'plain' })).toMatchObject({
      fault: { code: 'media.no_ice' },
    });
  });

  test('closes what is closed already without complaint', () => {
    const engine = media();
    expect(engine.execute({ op: 'close-leg', leg: 'a' })).toEqual({ op: 'done' });
    expect(engine.execute({ op: 'close-session', session: 's' })).toEqual({ op: 'done' });
  });

  test('gives a leg’s last statistics when it closes', () => {
    const engine = media();
    engine.execute(open('a'));
    expect(engine.execute({ op: 'close-leg', leg: 'a' })).toEqual({
      op: 'statistics',
      leg: 'a',
      statistics: { received: [], sent: [], refused: {} },
    });
  });

  test('remembers recovery values until the session is closed', () => {
    const engine = media();
    engine.execute(open('a'));
    engine.execute(open('b'));
    engine.execute({ op: 'attach-recovery', session: 's', recovery: { dialog: 7 } });
    expect(engine.execute({ op: 'snapshot' })).toEqual({
      op: 'snapshot',
      sessions: [{ session: 's', legs: ['a', 'b'], recovery: { dialog: 7 } }],
    });
    engine.execute({ op: 'close-session', session: 's' });
    expect(engine.execute({ op: 'snapshot' })).toEqual({ op: 'snapshot', sessions: [] });
  });

  test('meets another process over a link on loopback', () => {
    const near = media();
    const reply = near.execute({ op: 'open-link', session: 's', leg: 'link' });
    expect(reply).toMatchObject({
      local: { address: '127.0.0.1', rtpPort: 20_000, rtcpPort: 20_000 },
    });
    near.do({
      op: 'configure-leg',
      leg: 'link',
      remote: { address: '127.0.0.1', rtpPort: 20_050 },
      media: [audio([PCMU])],
    });
    expect(near.eventsOf('leg-connected')).toHaveLength(1);
  });

  test('answers a heartbeat', () => {
    expect(media().execute({ op: 'heartbeat' })).toEqual({ op: 'done' });
  });

  test('closes everything, the WebRTC port included', () => {
    const engine = media();
    engine.execute(open('a', WEBRTC));
    engine.engine.close(engine.now);
    expect(engine.packetIo.openSockets).toBe(0);
  });
});
