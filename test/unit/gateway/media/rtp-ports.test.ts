import { describe, expect, test } from '@jest/globals';
import { silentLog } from '../../../../gateway/core/log.ts';
import { Agenda } from '../../../../gateway/media/agenda.ts';
import { PacketLoop } from '../../../../gateway/media/packet-loop.ts';
import { nativeFault, type RtpPortPair, RtpPorts } from '../../../../gateway/media/rtp-ports.ts';
import { SimulatedNetwork } from '../../../sim/media/support/simulated-network.ts';
import { SimulatedPacketIo } from '../../../sim/media/support/simulated-packet-io.ts';

const HOST = '198.51.100.1';

function range(first: number, last: number) {
  const time = { now: 0 };
  const network = new SimulatedNetwork(1);
  const packetIo = new SimulatedPacketIo(network, () => time.now);
  const loop = new PacketLoop(packetIo, silentLog);
  const agenda = new Agenda();
  packetIo.start((count) => loop.receive(count, time.now));
  const ports = new RtpPorts({ packetIo, loop, agenda }, HOST, first, last);
  const pass = (until: number, everyMs?: number, port?: number) => {
    while (time.now < until) {
      time.now = Math.min(until, time.now + (everyMs ?? 1_000));
      if (port !== undefined) {
        network.send('203.0.113.1:1', `${HOST}:${port}`, new Uint8Array(12), time.now - 10);
      }
      network.deliver(time.now);
      packetIo.readAll();
      for (let task = agenda.takeDue(time.now); task; task = agenda.takeDue(time.now)) {
        task.run(time.now);
      }
    }
  };
  return { ports, network, packetIo, pass, time };
}

function open(ports: RtpPorts, withRtcp = true): RtpPortPair {
  const pair = ports.open(withRtcp);
  if (!pair.ok) throw new Error(pair.fault.code);
  return pair.value;
}

describe('RTP ports', () => {
  test('are even, with RTCP on the next odd one', () => {
    const { ports, network } = range(20_001, 20_009);
    const pair = open(ports);
    expect(pair.port).toBe(20_002);
    expect(network.isTaken(`${HOST}:20003`)).toBe(true);
  });

  test('have no RTCP socket under mux', () => {
    const { ports, network } = range(20_000, 20_009);
    expect(open(ports, false).rtcp).toBeUndefined();
    expect(network.isTaken(`${HOST}:20001`)).toBe(false);
  });

  test('are given out in turn over the whole range before one is used again', () => {
    const { ports, pass, time } = range(20_000, 20_007);
    const first = open(ports);
    ports.release(first, false, time.now);
    pass(6_000);
    const next = [open(ports), open(ports), open(ports), open(ports)].map(({ port }) => port);
    expect(next).toEqual([20_002, 20_004, 20_006, 20_000]);
  });

  test('skip what somebody else has bound, RTCP’s half too, without keeping the other half', () => {
    const { ports, network, packetIo } = range(20_000, 20_005);
    network.attach(`${HOST}:20000`, () => {});
    network.attach(`${HOST}:20003`, () => {});
    expect(open(ports).port).toBe(20_004);
    expect(packetIo.openSockets).toBe(2);
  });

  test('run out with a fault', () => {
    const { ports } = range(20_000, 20_001);
    open(ports);
    expect(ports.open(true)).toMatchObject({ ok: false, fault: { code: 'media.no_ports' } });
  });

  test('that never received anything drain for 5 s', () => {
    const { ports, pass } = range(20_000, 20_001);
    ports.release(open(ports), false, 0);
    pass(4_900);
    expect(ports.counts()).toEqual({ inUse: 0, draining: 1, free: 0 });
    pass(5_000);
    expect(ports.counts()).toEqual({ inUse: 0, draining: 0, free: 1 });
  });

  test('that carried media drain for 30 s at least', () => {
    const { ports, pass } = range(20_000, 20_001);
    ports.release(open(ports), true, 0);
    pass(29_900);
    expect(ports.counts().draining).toBe(1);
    pass(30_000);
    expect(ports.counts().draining).toBe(0);
  });

  test('that are still sent to drain until 5 s after the last packet', () => {
    const { ports, pass } = range(20_000, 20_001);
    ports.release(open(ports), true, 0);
    pass(60_000, 1_000, 20_000);
    expect(ports.counts().draining).toBe(1);
    pass(64_900);
    expect(ports.counts().draining).toBe(1);
    pass(66_000);
    expect(ports.counts().draining).toBe(0);
  });

  test('drain for ten minutes at most, whoever goes on sending', () => {
    const { ports, pass, packetIo } = range(20_000, 20_001);
    ports.release(open(ports), true, 0);
    pass(599_000, 1_000, 20_000);
    expect(ports.counts().draining).toBe(1);
    pass(601_000, 1_000, 20_000);
    expect(ports.counts().draining).toBe(0);
    expect(packetIo.openSockets).toBe(0);
  });
});

describe('a native error', () => {
  test('with a code is a fault, without one a mistake of ours', () => {
    const coded = Object.assign(new Error('text'), { code: 'native.no_descriptors' });
    expect(nativeFault(coded)).toEqual({ code: 'native.no_descriptors', detail: 'text' });
    expect(() => nativeFault(new TypeError('ours'))).toThrow('ours');
  });
});
