/** The switchboard: SIP, browsers, accounts and location around the calls. */
import { describe, expect, test } from '@jest/globals';
import { Users } from '../../../../gateway/account/users.ts';
import { echo } from '../../../../gateway/apps/echo/echo.ts';
import {
  Switchboard,
  type SwitchboardInput,
  type SwitchboardOptions,
  type SwitchboardOutput,
} from '../../../../gateway/call/switchboard.ts';
import type { Binding } from '../../../../gateway/sip/endpoint-contract.ts';
import { Trunks } from '../../../../gateway/trunk/trunks.ts';
import { LIMITS } from '../../../support/call/call-bench.ts';
import { FakeMedia } from '../../../support/call/fake-media.ts';
import { phoneSdp } from '../../../support/call/peer-description.ts';
import { incomingInvite, sdpBody } from '../../../support/call/sip-events.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const ALICE = { name: 'alice', password: 'pw', codecs: ['pcmu'], mediaFromAnywhere: false };
const users = new Users([ALICE], 'causeway');
const trunks = new Trunks([
  {
    name: 'pbx',
    targets: ['sip:192.0.2.50'],
    transport: 'udp',
    codecs: ['pcmu'],
    srtp: 'off',
    credentials: { username: 'u', password: 'p', realm: 'theirs' },
    register: false,
    matchSources: [],
    mediaNetworks: [],
  },
]);
const OPTIONS: SwitchboardOptions = {
  limits: LIMITS,
  applications: { echo },
  users,
  trunks,
  routing: {
    own: { domains: [], hosts: ['192.0.2.1'], ports: [5060] },
    rules: [],
    extensions: new Map([['echo', 'echo']]),
    interfaces: { outside: 'lan' },
    user: (key) => users.get(key),
    trunk: (name) => trunks.get(name),
  },
};

class Bench {
  board: Switchboard;
  readonly said: SwitchboardOutput[] = [];
  readonly media = new FakeMedia();

  constructor() {
    this.board = new Switchboard(OPTIONS, new SeededRandom(1));
    this.feed({ type: 'media-up', process: 'm' });
  }

  feed(input: SwitchboardInput): void {
    this.board.handle(input, 0);
    for (let each = this.board.poll(); each !== undefined; each = this.board.poll()) {
      this.said.push(each);
      if (each.type !== 'media-command') continue;
      const reply = this.media.execute(each.command);
      this.feed({ type: 'media-reply', process: 'm', id: each.id, reply });
    }
  }

  restart(): void {
    const snapshot = JSON.parse(JSON.stringify(this.board.snapshot()));
    this.board = new Switchboard(OPTIONS, new SeededRandom(2), snapshot);
  }

  sip(): string[] {
    return this.said.flatMap((each) => (each.type === 'sip' ? [each.command.type] : []));
  }
}

const BINDING: Binding = {
  addressOfRecord: 'sip:alice@192.0.2.1',
  contact: 'sip:alice@10.0.0.9',
  q: 1_000,
  expiresAt: 60_000,
  callId: 'c',
  cseq: 1,
  destination: { transport: 'udp', address: '192.0.2.99', port: 5099 },
  interfaceName: 'lan',
  identity: { kind: 'user', name: 'alice' },
  path: [],
};

const IDENTITY = { kind: 'user', name: 'alice' } as const;

describe('the switchboard', () => {
  test('answers a SIP call to the echo over SIP', () => {
    const bench = new Bench();
    bench.feed({
      type: 'sip',
      event: incomingInvite({ identity: IDENTITY, body: sdpBody(phoneSdp()) }),
    });
    const answer = bench.said.find((each) => each.type === 'sip');
    expect(answer).toMatchObject({ command: { type: 'respond', status: 200 } });
    expect(bench.board.counts()).toMatchObject({ calls: 1, sipLegs: 1 });
  });

  test('calls the phone that a user registered, where it was seen, also after a restart', () => {
    const bench = new Bench();
    bench.feed({
      type: 'sip',
      event: { type: 'binding', change: { type: 'added', binding: BINDING } },
    });
    bench.restart();
    const to = 'sip:alice@192.0.2.1';
    bench.feed({
      type: 'sip',
      event: incomingInvite({ identity: IDENTITY, to, body: sdpBody(phoneSdp()) }),
    });
    expect(bench.said.findLast(({ type }) => type === 'sip')).toMatchObject({
      command: {
        type: 'invite',
        requestUri: 'sip:alice@10.0.0.9',
        destination: { address: '192.0.2.99', port: 5099 },
      },
    });
  });

  test('registers a client as a user of ours and rings its browser', () => {
    const bench = new Bench();
    bench.feed({
      type: 'account-command',
      command: {
        type: 'register',
        client: 'h7',
        addressOfRecord: 'sip:alice@192.0.2.1',
        secret: { type: 'password', password: 'pw' },
        send: true,
        headers: [],
        contactParameters: {},
        interface: 'lan',
        local: true,
      },
    });
    expect(bench.said).toContainEqual(
      expect.objectContaining({
        type: 'account-event',
        event: expect.objectContaining({ type: 'registered', sent: false }),
      }),
    );
    const to = 'sip:alice@192.0.2.1';
    bench.feed({
      type: 'sip',
      event: incomingInvite({ identity: IDENTITY, to, body: sdpBody(phoneSdp()) }),
    });
    expect(bench.said.findLast(({ type }) => type === 'janus')).toMatchObject({
      command: { type: 'invite', route: { kind: 'janus', handle: 'h7' } },
    });
  });

  test('refuses a leg whose description it cannot read, and forgets it when SIP says so', () => {
    const bench = new Bench();
    bench.feed({ type: 'sip', event: incomingInvite({ body: sdpBody('nonsense') }) });
    expect(bench.said.find(({ type }) => type === 'sip')).toMatchObject({
      command: { type: 'respond', status: 400 },
    });
    bench.feed({ type: 'sip', event: { type: 'ended', leg: 'leg-1', cause: { type: 'local' } } });
    expect(bench.board.counts()).toMatchObject({ calls: 0, legs: 0, sipLegs: 0 });
  });

  test('answers challenges for a trunk in the trunk’s realm only', () => {
    const { board } = new Bench();
    expect(board.credentials('trunk:pbx', 'theirs')).toEqual({ username: 'u', password: 'p' });
    expect(board.credentials('trunk:pbx', 'other')).toBeUndefined();
    expect(board.credentials('trunk:gone', 'theirs')).toBeUndefined();
    expect(board.credentials('client:gone', 'theirs')).toBeUndefined();
  });
});
