import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { MediaDriver } from '../../../../../gateway/adapters/media-link/media-driver.ts';
import { silentLog } from '../../../../../gateway/core/log.ts';
import type { MediaEvent } from '../../../../../gateway/media-contract/contract.ts';
import { RTP } from '../../../../../gateway/media-contract/transport.ts';
import type { NativeAddon } from '../../../../../gateway/native/contract.ts';
import { codecLibrary } from '../../../../../transcoder/library.ts';
import { SimulatedDtls } from '../../../../sim/media/support/simulated-dtls.ts';
import { audio, PCMU } from '../../../../sim/media/support/simulated-media.ts';
import { SimulatedNetwork } from '../../../../sim/media/support/simulated-network.ts';
import { SimulatedPacketIo } from '../../../../sim/media/support/simulated-packet-io.ts';
import { SimulatedSrtp } from '../../../../sim/media/support/simulated-srtp.ts';
import { SeededRandom } from '../../../../support/seeded-random.ts';

afterEach(() => {
  jest.useRealTimers();
});

function driven() {
  jest.useFakeTimers({ now: 1_000_000 });
  const clock = { now: () => Date.now(), wallClockMs: () => Date.now() };
  const network = new SimulatedNetwork(1);
  const packetIo = new SimulatedPacketIo(network, clock.now);
  const random = new SeededRandom(1);
  const intervals: number[] = [];
  packetIo.setReadInterval = (millis: number) => {
    intervals.push(millis);
  };
  const addon: NativeAddon = {
    openSslVersion: 'simulated',
    openPacketIo: () => packetIo,
    createArena: () => new Uint8Array(0),
    openSrtp: (arena) => new SimulatedSrtp(arena),
    openDtls: () => new SimulatedDtls(random, clock.now),
  };
  const events: MediaEvent[] = [];
  const driver = new MediaDriver(
    {
      process: 'm0',
      interfaces: [{ name: 'i', bind: '10.0.0.1', advertise: '10.0.0.1', mediaNetworks: [] }],
      extraWebRtcAddresses: [],
      webRtcPort: 10_000,
      rtpPorts: { first: 20_000, last: 20_009 },
      timeouts: { talkSeconds: 60, holdSeconds: 60, connectSeconds: 30 },
    },
    {
      addon,
      codecs: codecLibrary([]),
      clock,
      random,
      log: silentLog,
      census: {
        descriptors: () => 0,
        heapUsedBytes: () => 0,
        residentBytes: () => 0,
        collectGarbage: () => {},
      },
      onEvent: (event) => events.push(event),
    },
  );
  driver.start();
  return { driver, network, packetIo, events, intervals };
}

function openLeg(driver: MediaDriver): void {
  driver.execute({ op: 'open-leg', session: 's', leg: 'a', transport: RTP, interface: 'i' });
  driver.execute({
    op: 'configure-leg',
    leg: 'a',
    remote: { address: '10.0.0.2', rtpPort: 4000, rtcpPort: 4001 },
    media: [audio([PCMU])],
  });
}

describe('the driver of the packet plane', () => {
  test('lets what is due happen by one timer, and sends it at once', () => {
    const { driver, network } = driven();
    openLeg(driver);
    jest.advanceTimersByTime(10_000);
    const rtcp = network.sent.filter(({ to }) => to === '10.0.0.2:4001');
    expect(rtcp.length).toBeGreaterThanOrEqual(1);
    driver.close();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('brings batches to the packet loop, and chooses the pace of reading by them', () => {
    const { driver, network, packetIo, events, intervals } = driven();
    openLeg(driver);
    for (let i = 0; i < 200; i += 1) {
      for (let packet = 0; packet < 3; packet += 1) {
        const bytes = new Uint8Array(172);
        bytes[0] = 0x80;
        bytes[3] = i;
        network.send('10.0.0.2:4000', '10.0.0.1:20000', bytes, Date.now());
      }
      jest.advanceTimersByTime(1);
      network.deliver(Date.now());
      packetIo.readAll();
    }
    expect(events.some(({ type }) => type === 'leg-receiving')).toBe(true);
    expect(intervals).toEqual([2]);
    jest.advanceTimersByTime(2_000);
    expect(intervals).toEqual([2, 0]);
    driver.close();
  });

  test('closes everything, and can be asked nothing that lives on', () => {
    const { driver, packetIo } = driven();
    openLeg(driver);
    driver.close();
    expect(packetIo.openSockets).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});
