/** The test call's WebRTC client, over a library of which every event is the test's own. */
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { WebRtcClient } from '../../../../../gateway/adapters/self-test/webrtc-client.ts';

const CONNECT_MS = 8_000;

interface Packet {
  readonly header: { readonly payloadType: number; readonly sequenceNumber: number };
  readonly payload: Buffer;
}

/** As the library's: subscribers are called with what happens. */
class Happening<T> {
  readonly #subscribers: ((value: T) => void)[] = [];
  subscribe = (subscriber: (value: T) => void) => void this.#subscribers.push(subscriber);
  happen = (value: T) => {
    for (const subscriber of this.#subscribers) subscriber(value);
  };
}

class Connection {
  readonly onTrack = new Happening<{ readonly onReceiveRtp: Happening<Packet> }>();
  readonly connectionStateChange = new Happening<string>();
  readonly dtlsTransports = [{ state: 'new' }];
  connectionState = 'new';
  readonly options: Options;
  addTransceiver = jest.fn();
  createOffer = jest.fn(async () => ({ type: 'offer', sdp: 'v=0 offer' }));
  setLocalDescription = jest.fn(() => new Promise(() => {}));
  setRemoteDescription = jest.fn(async (_: object) => {});
  close = jest.fn(async () => {});

  constructor(options: Options) {
    this.options = options;
    connection = this;
  }

  become(state: string): void {
    this.connectionState = state;
    this.connectionStateChange.happen(state);
  }
}

interface Options {
  readonly iceServers: readonly { readonly urls: string }[];
  readonly iceInterfaceAddresses: object;
  readonly iceAdditionalHostAddresses: readonly string[];
  readonly iceUseIpv4: boolean;
  readonly iceUseIpv6: boolean;
  readonly codecs: { readonly audio: readonly { readonly mimeType: string }[] };
}

let connection: Connection;
let client: WebRtcClient;
let heard: string[];
const written: Packet[] = [];

jest.unstable_mockModule('werift', () => ({
  RTCPeerConnection: Connection,
  MediaStreamTrack: class {
    writeRtp = (packet: Packet) => void written.push(packet);
  },
  RTCRtpCodecParameters: Object,
  RtpHeader: Object,
  RtpPacket: class {
    readonly header: unknown;
    readonly payload: unknown;
    constructor(header: unknown, payload: unknown) {
      this.header = header;
      this.payload = payload;
    }
  },
}));
const library = await import('../../../../../gateway/adapters/self-test/webrtc-client.ts');

beforeEach(() => {
  heard = [];
  written.length = 0;
  client = new library.WebRtcClient((payload) => void heard.push(payload.toString()));
});

describe('the WebRTC client of the test call', () => {
  test('asks nobody for its address, and binds where only this machine reaches it', () => {
    const { iceServers, iceInterfaceAddresses, ...options } = connection.options;
    expect(iceServers).toEqual([{ urls: expect.stringMatching(/^stun:127\.0\.0\.1:/) }]);
    expect(Object.values(iceInterfaceAddresses)).toEqual(['127.0.0.1', '::1']);
    expect(options.iceAdditionalHostAddresses).toEqual(['127.0.0.1', '::1']);
    expect(options).toMatchObject({ iceUseIpv4: false, iceUseIpv6: false });
  });

  test('offers Opus alone, without waiting for its addresses', async () => {
    expect(connection.options.codecs.audio.map(({ mimeType }) => mimeType)).toEqual(['audio/opus']);
    expect(await client.offer()).toBe('v=0 offer');
  });

  test('is connected once ICE and DTLS are', async () => {
    const connecting = client.connect('v=0 answer', 'there');
    await Promise.resolve();
    connection.become('connecting');
    connection.become('connected');
    expect(await connecting).toEqual({ ok: true, value: undefined });
    expect(connection.setRemoteDescription).toHaveBeenCalledWith({
      type: 'answer',
      sdp: 'v=0 answer',
    });
  });

  test.each([
    ['ICE, where DTLS has not begun', 'new', 'echo.ice-failed'],
    ['DTLS, where it has', 'connecting', 'echo.dtls-failed'],
  ])('what fails is %s', async (_, state, code) => {
    const connecting = client.connect('v=0 answer', 'there');
    connection.dtlsTransports[0] = { state };
    connection.become('failed');
    expect(await connecting).toEqual({ ok: false, fault: { code, detail: 'there' } });
  });

  test('has failed to connect when 8 s are over', async () => {
    jest.useFakeTimers();
    const connecting = client.connect('v=0 answer', 'there');
    await jest.advanceTimersByTimeAsync(CONNECT_MS);
    jest.useRealTimers();
    expect(await connecting).toMatchObject({ fault: { code: 'echo.ice-failed' } });
  });

  test('tells an answer that its library does not understand', async () => {
    connection.setRemoteDescription.mockRejectedValue(new Error('no media'));
    expect(await client.connect('v=0', 'there')).toMatchObject({
      fault: { code: 'echo.no-answer', detail: expect.stringContaining('no media') },
    });
  });

  test('numbers what it sends, 20 ms of Opus a packet, and gives what comes back', () => {
    client.send(Buffer.from('one'));
    client.send(Buffer.from('two'));
    expect(written.map(({ header }) => header)).toEqual([
      { payloadType: 111, sequenceNumber: 0, timestamp: 0 },
      { payloadType: 111, sequenceNumber: 1, timestamp: 960 },
    ]);
    const onReceiveRtp = new Happening<Packet>();
    connection.onTrack.happen({ onReceiveRtp });
    for (const packet of written) onReceiveRtp.happen(packet);
    expect(heard).toEqual(['one', 'two']);
  });

  test('closes the connection', async () => {
    await client.close();
    expect(connection.close).toHaveBeenCalled();
  });
});
