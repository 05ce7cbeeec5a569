/** Mistakes of our own inside the packet plane: contained to one leg, named, and told. */
import { describe, expect, test } from '@jest/globals';
import { RTP } from '../../../gateway/media-contract/transport.ts';
import { audio, GATEWAY, PCMU, SimulatedMedia } from './support/simulated-media.ts';
import { SimulatedPhone } from './support/simulated-phone.ts';

/** Two echo calls, each with a phone. */
function twoCalls() {
  const media = new SimulatedMedia({ seed: 1 });
  const phones = [1, 2].map((n) => {
    const host = `203.0.113.${n}`;
    const phone = new SimulatedPhone(media, { host, port: 4000, ssrc: n, mark: n });
    const local = media.openLeg(`leg${n}`, RTP, `session${n}`);
    media.do(
      {
        op: 'configure-leg',
        leg: `leg${n}`,
        remote: { address: host, rtpPort: 4000, rtcpPort: 4001 },
        media: [audio([PCMU])],
      },
      { op: 'set-source', leg: `leg${n}`, source: { kind: 'echo' } },
    );
    phone.target = `${GATEWAY}:${local.rtpPort}`;
    return phone;
  });
  media.advance(500);
  return { media, ill: phones[0]!, well: phones[1]! };
}

describe('a throw while a datagram is handled', () => {
  test('fails its own leg at once, and no other', () => {
    const { media, ill, well } = twoCalls();
    const send = media.packetIo.send.bind(media.packetIo);
    const illPath = media.packetIo.pathsTo(ill.address)[0]!;
    media.packetIo.send = (path, offset, length) => {
      if (path === illPath) throw new Error('a mistake of ours');
      send(path, offset, length);
    };
    const heard = well.heard.length;
    media.advance(1_000);
    const [failed] = media.eventsOf('leg-failed');
    expect(failed).toMatchObject({ leg: 'leg1', failure: 'internal-error' });
    expect(failed!.detail).toContain('a mistake of ours');
    expect(well.heard.length - heard).toBeGreaterThan(45);
    expect(media.logged.filter((event) => event === 'media.contained').length).toBeGreaterThan(0);
  });

  test('is one event and no flood of log lines, though the packets go on', () => {
    const { media, ill } = twoCalls();
    const illPath = media.packetIo.pathsTo(ill.address)[0]!;
    media.packetIo.closePath(illPath);
    media.advance(3_000);
    expect(media.eventsOf('leg-failed')).toHaveLength(1);
    expect(media.eventsOf('leg-failed')[0]!.detail).toContain('native.stale_handle');
    expect(media.logged.filter((event) => event === 'media.contained')).toHaveLength(1);
  });

  test('that belongs to no leg is not swallowed', () => {
    const { media } = twoCalls();
    media.loop.receive = () => {
      throw new Error('outside of any leg');
    };
    expect(() => media.advance(100)).toThrow('outside of any leg');
  });

  test('leaves a leg that can still be closed', () => {
    const { media, ill } = twoCalls();
    media.packetIo.send = () => {
      throw new Error('a mistake of ours');
    };
    media.advance(100);
    expect(ill.isTalking).toBe(true);
    media.do({ op: 'close-session', session: 'session1' });
    expect(media.execute({ op: 'census' })).toMatchObject({ census: { legs: 1 } });
  });

  test('while it is closed leaves no port of it open', () => {
    const { media, ill } = twoCalls();
    media.packetIo.closePath(media.packetIo.pathsTo(ill.address)[0]!);
    const reply = media.execute({ op: 'close-leg', leg: 'leg1' });
    expect(reply.op).toBe('statistics');
    expect(media.execute({ op: 'census' })).toMatchObject({
      census: { legs: 1, portsInUse: 1, portsDraining: 1 },
    });
  });

  test('while it is told something is the leg’s own, and no end of the process', () => {
    const { media, well } = twoCalls();
    media.packetIo.openPath = () => {
      throw new TypeError('a mistake of ours');
    };
    const remote = { address: '203.0.113.9', rtpPort: 4000 };
    const plans = [audio([PCMU])];
    expect(media.execute({ op: 'configure-leg', leg: 'leg1', remote, media: plans })).toMatchObject(
      {
        op: 'fault',
        fault: { code: 'media.internal_error' },
      },
    );
    expect(media.eventsOf('leg-failed')).toMatchObject([
      { leg: 'leg1', failure: 'internal-error' },
    ]);
    const heard = well.heard.length;
    media.advance(1_000);
    expect(well.heard.length - heard).toBeGreaterThan(45);
  });
});
