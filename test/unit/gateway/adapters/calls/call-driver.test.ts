/** The driver of calls: every output finds its sink, and replies of media come back. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Users } from '../../../../../gateway/account/users.ts';
import { CallDriver, type CallSinks } from '../../../../../gateway/adapters/calls/call-driver.ts';
import { echo } from '../../../../../gateway/apps/echo/echo.ts';
import { Switchboard } from '../../../../../gateway/call/switchboard.ts';
import { WEBRTC } from '../../../../../gateway/media-contract/transport.ts';
import { Trunks } from '../../../../../gateway/trunk/trunks.ts';
import { LIMITS } from '../../../../support/call/call-bench.ts';
import { FakeMedia } from '../../../../support/call/fake-media.ts';
import { phoneSdp, recorded } from '../../../../support/call/peer-description.ts';
import { incomingInvite, sdpBody } from '../../../../support/call/sip-events.ts';
import { SeededRandom } from '../../../../support/seeded-random.ts';

afterEach(() => {
  jest.useRealTimers();
});

function bench() {
  const board = new Switchboard(
    {
      limits: LIMITS,
      applications: { echo },
      users: new Users([], 'r'),
      trunks: new Trunks([]),
      routing: {
        own: { domains: [], hosts: ['192.0.2.1'], ports: [5060] },
        rules: [],
        extensions: new Map([['echo', 'echo']]),
        interfaces: { outside: 'lan' },
        user: () => undefined,
        trunk: () => undefined,
      },
    },
    new SeededRandom(1),
  );
  const media = new FakeMedia();
  const told: string[] = [];
  const sinks: CallSinks = {
    sip: ({ type }) => told.push(`sip ${type}`),
    janus: (leg, { type }) => told.push(`janus ${leg} ${type}`),
    accountEvent: ({ type }) => told.push(`account ${type}`),
    media: async (_, command) => media.execute(command),
    recovery: ({ legs }) => told.push(`recovery ${legs.length}`),
    fact: () => {},
    record: ({ cause }) => told.push(`record ${cause.name}`),
  };
  let now = 0;
  const clock = { now: () => now, wallClockMs: () => now };
  const driver = new CallDriver(board, clock, sinks);
  driver.feed({ type: 'media-up', process: 'm' });
  const pass = (ms: number) => {
    now += ms;
    jest.advanceTimersByTime(ms);
  };
  return { board, driver, told, media, sinks, pass };
}

const BROWSER = {
  leg: 'b',
  signalling: 'janus',
  transport: WEBRTC,
  interface: 'lan',
  local: true,
  from: { uri: 'sip:a@b' },
  to: 'sip:echo@192.0.2.1',
  offer: recorded('chromium-audio-offer'),
  headers: [],
  callId: 'c',
} as const;

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('the driver of calls', () => {
  test('carries a whole call of a browser to the echo', async () => {
    const { driver, told, board } = bench();
    driver.feed({ type: 'janus-leg', leg: BROWSER });
    await settle();
    expect(told).toEqual(['janus b answer', 'recovery 1']);
    const cause = { name: 'normal' } as const;
    driver.feed({
      type: 'janus-event',
      leg: 'b',
      event: { type: 'ended', cause, headers: [] },
    });
    await settle();
    expect(told.at(-1)).toBe('record normal');
    expect(board.counts().calls).toBe(0);
    driver.close();
  });

  test('gives SIP what is for SIP', async () => {
    const { driver, told } = bench();
    driver.feed({ type: 'sip', event: incomingInvite({ body: sdpBody(phoneSdp()) }) });
    await settle();
    // A stranger from elsewhere is refused.
    expect(told).toEqual(['sip respond', 'record forbidden']);
    driver.close();
  });

  test('wakes at the deadline of a call', async () => {
    jest.useFakeTimers();
    const { driver, told, sinks, pass } = bench();
    sinks.media = () => new Promise(() => {});
    driver.feed({ type: 'janus-leg', leg: BROWSER });
    pass(LIMITS.openMs);
    expect(told).toEqual(['janus b reject']);
    pass(LIMITS.closeMs);
    expect(told.at(-1)).toBe('record media-unavailable');
    driver.close();
  });
});
