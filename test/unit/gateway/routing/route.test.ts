/** Where calls go, and where they never go. */
import { describe, expect, test } from '@jest/globals';
import type { Caller } from '../../../../gateway/routing/decision.ts';
import type { Registrations } from '../../../../gateway/routing/registrations.ts';
import { isReachable, type RoutingTable, route } from '../../../../gateway/routing/route.ts';
import { RoutingRule, type RuleDefinition } from '../../../../gateway/routing/rule.ts';
import type { Trunk } from '../../../../gateway/trunk/trunks.ts';
import { parseUri } from '../../../../gateway/wire/sip/uri.ts';

const PBX: Trunk = {
  name: 'pbx',
  targets: ['sip:pbx.example:5070', 'sip:second.example'],
  transport: 'tcp',
  interface: 'wan',
  codecs: ['pcma'],
  srtp: 'required',
  credentials: { username: 'u', password: 'p' },
  register: false,
  matchSources: [],
  mediaNetworks: ['192.0.2.0/24'],
};
const ALICE = { name: 'alice', codecs: ['opus', 'pcmu'], mediaFromAnywhere: true };

function table(...rules: RuleDefinition[]): RoutingTable {
  return {
    own: { domains: ['home.example'], hosts: ['127.0.0.1', '192.0.2.10'], ports: [5060] },
    rules: rules.map((rule) => new RoutingRule(rule)),
    extensions: new Map([['echo', 'echo']]),
    interfaces: { loopback: 'lo', outside: 'lan' },
    user: (key) => (['alice', 'away'].includes(key) ? ALICE : undefined),
    trunk: (name) => (name === 'pbx' ? PBX : undefined),
  };
}

const registrations: Registrations = {
  userAt: (name) => (['alice', 'away'].includes(name) ? name : undefined),
  phonesOf: (user) =>
    user === 'alice' ? [{ key: 'k', contact: 'sip:alice@198.51.100.7', interfaceName: 'lan' }] : [],
  clientsOf: (user) => (user === 'alice' ? [{ clients: ['h1', 'h2'], interface: 'lo' }] : []),
  clientsCalled: (name) => (name === 'guest' ? [{ clients: ['h3'], interface: 'lo' }] : []),
  account: (registration) =>
    registration === 'client:1'
      ? { addressOfRecord: 'sip:carol@127.0.0.2', host: '127.0.0.2' }
      : undefined,
};

const CLIENT: Caller = { kind: 'client' };
const STRANGER: Caller = { kind: 'stranger' };
const USER: Caller = { kind: 'user', name: 'alice' };

function decide(to: string, caller: Caller = CLIENT, local = true, rules: RuleDefinition[] = []) {
  return route(table(...rules), registrations, { caller, local, to });
}

describe('at our own address', () => {
  test('an extension is its application, for clients, users and whoever is on loopback', () => {
    for (const [caller, local] of [
      [CLIENT, true],
      [CLIENT, false],
      [USER, false],
      [STRANGER, true],
    ] as const) {
      expect(decide('sip:echo@127.0.0.1', caller, local)).toEqual({
        type: 'application',
        application: 'echo',
        rule: 'extension echo',
      });
    }
  });

  test('a user is called at every phone and browser at once, by its own policy', () => {
    const decision = decide('sip:alice@home.example');
    expect(decision).toMatchObject({
      type: 'call',
      targets: [
        {
          hop: { kind: 'binding', contact: 'sip:alice@198.51.100.7', flow: 'k' },
          transport: { keying: 'none' },
          codecs: ['opus', 'pcmu'],
          anySource: true,
        },
        { hop: { kind: 'janus', handle: 'h1' }, transport: { ice: true, keying: 'dtls' } },
        { hop: { kind: 'janus', handle: 'h2' } },
      ],
    });
  });

  test('a user without any contact is away; a client by its name is called; others are not', () => {
    expect(decide('sip:away@home.example')).toMatchObject({ type: 'reject', status: 480 });
    expect(decide('sip:guest@127.0.0.1')).toMatchObject({
      targets: [{ hop: { kind: 'janus', handle: 'h3' } }],
    });
    expect(decide('sip:nobody@127.0.0.1')).toMatchObject({ type: 'reject', status: 404 });
  });

  test.each(['echo', 'alice', 'away', 'guest', 'nobody'])(
    'a stranger from elsewhere calling %s learns nothing',
    (name) => {
      expect(decide(`sip:${name}@home.example`, STRANGER, false)).toMatchObject({
        type: 'reject',
        status: 403,
      });
    },
  );
});

describe('anywhere else', () => {
  test('a client on loopback reaches loopback, through the loopback interface', () => {
    expect(decide('sip:bob@127.0.0.1:5080')).toMatchObject({
      type: 'call',
      targets: [{ to: 'sip:bob@127.0.0.1:5080', interface: 'lo', srtp: 'off' }],
      rule: 'loopback to loopback',
    });
    expect(decide('sip:bob@localhost:5080').type).toBe('call');
  });

  test.each([
    ['sip:bob@192.0.2.99', CLIENT, true],
    ['sip:bob@127.0.0.1:5080', CLIENT, false],
    ['sip:bob@127.0.0.1:5080', STRANGER, true],
    ['sip:bob@127.0.0.1:5080', USER, true],
    ['sip:bob@127.0.0.1.example', CLIENT, true],
    ['sip:bob@127.0.0.1:5080;maddr=198.51.100.9', CLIENT, true],
    ['tel:+49123', CLIENT, true],
  ] as const)('%s is denied to %j (on loopback: %s)', (to, caller, local) => {
    expect(decide(to, caller, local)).toMatchObject({ type: 'reject', status: 403 });
  });

  test('what is no address is refused', () => {
    expect(decide('nonsense')).toMatchObject({ type: 'reject', status: 400 });
  });

  test('a client calls as its own account and proves it to its own domain only', () => {
    const caller: Caller = { kind: 'client', registration: 'client:1' };
    expect(decide('sip:bob@127.0.0.2;maddr=127.0.0.3', caller)).toMatchObject({
      targets: [{ hop: { credentials: undefined } }],
    });
    expect(decide('sip:bob@127.0.0.2', caller)).toMatchObject({
      targets: [{ from: 'sip:carol@127.0.0.2', hop: { credentials: 'client:1' } }],
    });
    expect(decide('sip:bob@127.0.0.3', caller)).toMatchObject({
      targets: [{ from: 'sip:carol@127.0.0.2', hop: { credentials: undefined } }],
    });
  });
});

describe('by rule', () => {
  const numbers: RuleDefinition = {
    from: 'any',
    called: /^(?:9(\d+))$/u,
    rewrite: '$1',
    to: { kind: 'trunk', name: 'pbx' },
  };

  test('a call goes to a trunk with the trunk’s own policy', () => {
    expect(decide('sip:9123@home.example', USER, false, [numbers])).toEqual({
      type: 'call',
      rule: 'routes[0]',
      targets: [
        {
          hop: { kind: 'sip', trunk: 'pbx', transport: 'tcp', credentials: 'trunk:pbx' },
          to: 'sip:123@pbx.example:5070',
          interface: 'wan',
          transport: { ice: false, keying: 'sdes', rtcp: 'pair' },
          srtp: 'required',
          codecs: ['pcma'],
          mediaNetworks: ['192.0.2.0/24'],
          anySource: false,
        },
      ],
    });
  });

  test('what is dialled keeps its escapes, and so can never become another host', () => {
    const all: RuleDefinition = {
      from: 'any',
      called: /^([\s\S]*)$/u,
      rewrite: '0$1',
      to: { kind: 'trunk', name: 'pbx' },
    };
    for (const user of ['%2331%23123', '1%40evil.example', '1%3E%0D%0A']) {
      expect(decide(`sip:${user}@home.example`, USER, false, [all])).toMatchObject({
        targets: [{ to: `sip:0${user}@pbx.example:5070` }],
      });
    }
  });

  test('a rule for a domain is about where the call is sent, not about what it says', () => {
    const rule: RuleDefinition = {
      from: 'any',
      called: /^.*$/u,
      calledDomain: /^far\.example$/u,
      to: { kind: 'as-dialled' },
    };
    expect(decide('sip:5@far.example', STRANGER, false, [rule]).type).toBe('call');
    expect(decide('sip:5@far.example;maddr=198.51.100.9', STRANGER, false, [rule]).type).toBe(
      'reject',
    );
  });

  test('the first rule that matches decides', () => {
    const refuse: RuleDefinition = { ...numbers, to: { kind: 'reject', status: 603 } };
    expect(decide('sip:91@x.example', USER, false, [refuse, numbers])).toMatchObject({
      status: 603,
      rule: 'routes[0]',
    });
    expect(decide('sip:81@home.example', USER, false, [refuse]).rule).not.toBe('routes[0]');
  });

  test.each([
    [
      { kind: 'extension', name: 'echo' },
      { type: 'application', application: 'echo' },
    ],
    [
      { kind: 'extension', name: 'gone' },
      { type: 'reject', status: 404 },
    ],
    [
      { kind: 'user', name: 'away' },
      { type: 'reject', status: 480 },
    ],
    [
      { kind: 'user', name: 'gone' },
      { type: 'reject', status: 404 },
    ],
    [
      { kind: 'trunk', name: 'gone' },
      { type: 'reject', status: 503 },
    ],
    [{ kind: 'as-dialled' }, { type: 'call', targets: [{ to: 'sip:5@far.example' }] }],
  ] as const)('to %j a call is %j', (to, decision) => {
    const rule: RuleDefinition = { from: 'any', called: /^5$/u, to };
    expect(decide('sip:5@far.example', STRANGER, false, [rule])).toMatchObject(decision);
  });
});

describe('a client may send requests', () => {
  const anywhere: RuleDefinition = { from: 'api', called: /^.*$/u, to: { kind: 'as-dialled' } };
  test.each([
    ['sip:127.0.0.1:5080', true, [], true],
    ['sip:127.0.0.1:5080', false, [], false],
    ['sip:pbx.example', true, [], false],
    ['sip:pbx.example', false, [anywhere], true],
  ])('to %s (on loopback: %s) under %j: %s', (text, local, rules, may) => {
    const uri = parseUri(text);
    expect(uri.ok && isReachable(table(...rules), uri.value, local)).toBe(may);
  });
});
