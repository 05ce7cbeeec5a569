import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  type CallMeans,
  type MediaClient,
  placeTestCall,
  type Signalling,
} from '../../../../../gateway/adapters/self-test/test-call.ts';
import { succeed } from '../../../../../gateway/core/result.ts';
import { failEcho } from '../../../../../gateway/ops/self-test/echo-outcome.ts';

const SDP = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=rtpmap:111 opus/48000/2',
  'a=candidate:1 1 udp 1 203.0.113.7 10000 typ host',
].join('\n');
const REQUEST = { url: 'ws://gateway', addresses: [['203.0.113.7', '10.0.0.5']] as const };
const ROUND_TRIP_MS = 3;
const CONNECT_MS = 50;

let now: number;
let due: { readonly at: number; readonly payload: Buffer }[];
/** Whether the packet of this number comes back. */
let returns: (number: number) => boolean;
let returned: (payload: Buffer) => void;
let client: jest.Mocked<MediaClient>;
let signalling: jest.Mocked<Signalling>;
let means: CallMeans;

beforeEach(() => {
  now = 1_000;
  due = [];
  returns = () => true;
  let sent = 0;
  client = {
    offer: jest.fn(async () => 'offer'),
    connect: jest.fn(async () => {
      now += CONNECT_MS;
      return succeed(undefined);
    }),
    send: jest.fn((payload) => {
      if (returns(sent)) due.push({ at: now + ROUND_TRIP_MS, payload });
      sent += 1;
    }),
    close: jest.fn(async () => {}),
  };
  signalling = { offer: jest.fn(async () => succeed(SDP)), close: jest.fn(async () => {}) };
  means = {
    openSignalling: async () => succeed(signalling),
    openClient: async (hear) => {
      returned = hear;
      return client;
    },
    now: () => now,
    wait: async (ms) => {
      const end = now + ms;
      for (const { at, payload } of due.splice(0)) {
        now = at;
        returned(payload);
      }
      now = end;
    },
  };
});

describe('the test call', () => {
  test('measures from the offer to the first packet back, loss, and each round trip', async () => {
    returns = (number) => number !== 7;
    const outcome = await placeTestCall(REQUEST, means);
    expect(outcome).toEqual({
      ok: true,
      value: {
        setUpMs: CONNECT_MS + ROUND_TRIP_MS,
        codec: 'opus/48000/2',
        sent: 150,
        returned: 149,
        roundTripsMs: Array(149).fill(ROUND_TRIP_MS),
      },
    });
  });

  test('sends fifty packets a second for three seconds', async () => {
    const begunAt = now + CONNECT_MS;
    const sentAt: number[] = [];
    client.send.mockImplementation(() => void sentAt.push(now - begunAt));
    await placeTestCall(REQUEST, means);
    expect(sentAt).toEqual(Array.from({ length: 150 }, (_, index) => index * 20));
  });

  test('goes to the bound address where another is advertised', async () => {
    await placeTestCall(REQUEST, means);
    const [answer, where] = client.connect.mock.calls[0] ?? [];
    expect(answer).toContain('udp 1 10.0.0.5 10000');
    expect(where).toBe('10.0.0.5 port 10000/udp');
  });

  test('fails where nothing comes back', async () => {
    returns = () => false;
    expect(await placeTestCall(REQUEST, means)).toEqual(
      failEcho('echo.no-sound', '150 packets were sent'),
    );
  });

  test('ends with the failure of its stage, and closes what it opened', async () => {
    const refused = failEcho('echo.no-answer', 'no codec');
    signalling.offer.mockResolvedValue(refused);
    expect(await placeTestCall(REQUEST, means)).toEqual(refused);
    expect(client.connect).not.toHaveBeenCalled();

    const unconnected = failEcho('echo.ice-failed', 'there');
    signalling.offer.mockResolvedValue(succeed(SDP));
    client.connect.mockResolvedValue(unconnected);
    expect(await placeTestCall(REQUEST, means)).toEqual(unconnected);
    expect(client.send).not.toHaveBeenCalled();
    expect(signalling.close).toHaveBeenCalledTimes(2);
    expect(client.close).toHaveBeenCalledTimes(2);
  });

  test('closes its client where there is no WebSocket', async () => {
    const nobody = failEcho('echo.no-websocket', 'refused');
    expect(await placeTestCall(REQUEST, { ...means, openSignalling: async () => nobody })).toEqual(
      nobody,
    );
    expect(client.close).toHaveBeenCalledTimes(1);
  });

  test('names the package that its client lacks; any other error is a defect', async () => {
    const missing = Object.assign(new Error(`Cannot find package 'werift' imported from x`), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    const without = (error: Error) => ({ ...means, openClient: () => Promise.reject(error) });
    expect(await placeTestCall(REQUEST, without(missing))).toEqual(
      failEcho('echo.not-installed', 'werift'),
    );
    await expect(placeTestCall(REQUEST, without(new Error('oh')))).rejects.toThrow('oh');
  });
});
