/** Every ending of a call, over a network that loses and reorders, through the real SIP machine. */
import { describe, expect, test } from '@jest/globals';
import { phoneSdp } from '../../support/call/peer-description.ts';
import { GATEWAY, GatewayWorld, PHONE, type WorldOptions } from './gateway-world.ts';

/** Longer than any transaction lives (64 × T1), and any ringing. */
const LONG_AFTER_MS = 200_000;

const NETWORKS: readonly (readonly [name: string, options: WorldOptions])[] = [
  ['a clean network', {}],
  ['5 % loss and 40 ms of jitter', { loss: 0.05, jitterMs: 40, seed: 11 }],
  ['20 % loss', { loss: 0.2, jitterMs: 20, seed: 5 }],
  ['restarts of SIP and calls at random steps', { restarts: 0.2, callRestarts: 0.2, seed: 3 }],
];

const NOTHING = {
  calls: 0,
  legs: 0,
  timers: 0,
  commands: 0,
  sipLegs: 0,
  transactions: 0,
  dialogs: 0,
  requests: 0,
  endpointLegs: 0,
  mediaLegs: 0,
};

function causesOf(world: GatewayWorld): string[] {
  return world.records.map(({ cause, endedBy }) => `${cause.name} by ${endedBy}`);
}

function endsAs(world: GatewayWorld, ...causes: string[]): void {
  world.network.run(LONG_AFTER_MS);
  expect(causesOf(world)).toEqual(causes);
  expect(world.remains()).toEqual(NOTHING);
}

describe.each(NETWORKS)('over %s, a call from a browser', (_, options) => {
  test('is set up, answered, and ended by the browser', () => {
    const world = new GatewayWorld(options);
    world.phoneDoes((event) => {
      if (event.type !== 'incoming-invite') return;
      world.phoneAnswers(event, 180);
      world.network.at(500, () => world.phoneAnswers(event));
    });
    world.browserCalls('b1');
    world.network.at(10_000, () => world.browserHangsUp('b1'));
    endsAs(world, 'normal by caller');
    expect(world.told).toContain('b1 answer');
    expect(world.phone.eventsOf('ended')).toMatchObject([{ cause: { type: 'bye' } }]);
  });

  test('is ended by the phone', () => {
    const world = new GatewayWorld(options);
    world.phoneDoes((event) => {
      if (event.type === 'incoming-invite') world.phoneAnswers(event);
      if (event.type !== 'acknowledged') return;
      const { leg } = event;
      world.network.at(1_000, () => world.network.command(world.phone, { type: 'bye', leg }));
    });
    world.browserCalls('b1');
    endsAs(world, 'normal by callee');
    expect(world.told.at(-1)).toBe('b1 hangup');
  });

  test('is cancelled by the browser while the phone rings', () => {
    const world = new GatewayWorld(options);
    world.phoneDoes((event) => {
      if (event.type === 'incoming-invite') world.phoneAnswers(event, 180);
    });
    world.browserCalls('b1');
    world.network.at(9_000, () => {
      const event = { type: 'cancelled', cause: { name: 'cancelled' } } as const;
      world.feed({ type: 'janus-event', leg: 'b1', event });
    });
    endsAs(world, 'cancelled by caller');
    expect(world.phone.eventsOf('ended')).toMatchObject([{ cause: { type: 'cancelled' } }]);
  });

  test.each([
    [486, 'busy'],
    [404, 'not-found'],
    [480, 'unavailable'],
    [603, 'declined'],
    [500, 'peer-failed'],
  ])('is refused with %i by the phone', (status, cause) => {
    const world = new GatewayWorld(options);
    world.phoneDoes((event) => {
      if (event.type === 'incoming-invite') world.phoneAnswers(event, status);
    });
    world.browserCalls('b1');
    endsAs(world, `${cause} by callee`);
    expect(world.told.at(-1)).toBe('b1 reject');
  });

  test('is given up when the phone rings for too long', () => {
    const world = new GatewayWorld(options);
    world.phoneDoes((event) => {
      if (event.type === 'incoming-invite') world.phoneAnswers(event, 180);
    });
    world.browserCalls('b1');
    endsAs(world, 'no-answer by gateway');
  });

  test('fails by timer B when the phone is silent', () => {
    const world = new GatewayWorld(options);
    world.network.blackHoles.add(PHONE);
    world.browserCalls('b1');
    endsAs(world, 'timeout by callee');
    expect(world.records[0]!.endedAt - world.records[0]!.startedAt).toBeLessThan(33_000);
  });

  test('ends on both sides when its media process dies', () => {
    const world = new GatewayWorld(options);
    world.phoneDoes((event) => {
      if (event.type === 'incoming-invite') world.phoneAnswers(event);
    });
    world.browserCalls('b1');
    world.network.at(10_000, () => {
      world.media.legs.clear();
      world.feed({ type: 'media-down', process: 'media-1' });
    });
    endsAs(world, 'media-process-lost by gateway');
    expect(world.phone.eventsOf('ended')).toMatchObject([{ cause: { type: 'bye' } }]);
    expect(world.told.at(-1)).toBe('b1 hangup');
  });

  test('ends on both sides when the gateway stops', () => {
    const world = new GatewayWorld(options);
    world.phoneDoes((event) => {
      if (event.type === 'incoming-invite') world.phoneAnswers(event);
    });
    world.browserCalls('b1');
    world.network.at(10_000, () => world.feed({ type: 'stop', cause: { name: 'shutdown' } }));
    endsAs(world, 'shutdown by gateway');
  });
});

describe.each(NETWORKS)('over %s, a call from a phone to the echo', (_, options) => {
  function phoneCalls(world: GatewayWorld): void {
    const body = { contentType: 'application/sdp', content: Buffer.from(phoneSdp()) };
    world.network.command(world.phone, {
      type: 'invite',
      leg: 'p1',
      requestUri: `sip:echo@${GATEWAY}`,
      from: `<sip:bob@${PHONE}>`,
      to: `<sip:echo@${GATEWAY}>`,
      body,
    });
  }

  test('is answered and ended by the phone', () => {
    const world = new GatewayWorld(options);
    phoneCalls(world);
    world.network.at(10_000, () => world.network.command(world.phone, { type: 'bye', leg: 'p1' }));
    endsAs(world, 'normal by caller');
    expect(world.phone.eventsOf('answered')).toHaveLength(1);
  });

  test('is held and resumed by the phone', () => {
    const world = new GatewayWorld(options);
    const directions: (string | undefined)[] = [];
    const reinvite = (direction: 'sendrecv' | 'inactive', version: number) => {
      const content = Buffer.from(phoneSdp({ direction, version }));
      const body = { contentType: 'application/sdp', content };
      world.network.command(world.phone, { type: 'reinvite', leg: 'p1', body });
    };
    const look = () => {
      const [leg] = [...world.media.legs.values()];
      directions.push(leg?.configuration?.media[0]?.direction);
    };
    phoneCalls(world);
    world.network.at(40_000, () => reinvite('inactive', 2));
    world.network.at(75_000, look);
    world.network.at(76_000, () => reinvite('sendrecv', 3));
    world.network.at(111_000, look);
    world.network.at(112_000, () => world.network.command(world.phone, { type: 'bye', leg: 'p1' }));
    endsAs(world, 'normal by caller');
    expect(directions).toEqual(['inactive', 'sendrecv']);
  });
});
