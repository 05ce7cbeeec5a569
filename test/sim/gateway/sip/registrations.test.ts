/** Digest, the registrar and the registration client against each other (RFC 3261 §10, §22). */
import { describe, expect, test } from '@jest/globals';
import type {
  DigestAlgorithm,
  RegisterCommand,
  SipPorts,
} from '../../../../gateway/sip/endpoint-contract.ts';
import { answerAfter, invite, NOTHING, OFFER } from '../../sip/scenes.ts';
import { acceptAll, Network, optionsAt } from '../../sip/sip-network.ts';

const PHONE = '192.0.2.1';
const SERVER = '192.0.2.2';

/** A server that knows alice, and a phone that believes itself to be her. */
function setting(password = 'secret', algorithms: readonly DigestAlgorithm[] = ['MD5']) {
  const network = new Network();
  const serverPorts: SipPorts = {
    ...acceptAll,
    authorise: ({ received, authenticated }) => {
      if (authenticated === undefined) return { type: 'challenge', realm: 'here', algorithms };
      return authenticated.username === received.from.uri.user
        ? { type: 'accept', identity: { kind: 'user', name: authenticated.username } }
        : { type: 'reject', status: 403 };
    },
    userCredentials: (_realm, username) =>
      username === 'alice' ? { username, password: 'secret' } : undefined,
  };
  const phonePorts: SipPorts = {
    ...acceptAll,
    accountCredentials: ({ account, realm }) =>
      realm === 'here' ? { username: account, password } : undefined,
  };
  const alice = network.add(PHONE, optionsAt(PHONE), phonePorts);
  const bob = network.add(SERVER, optionsAt(SERVER), serverPorts);
  return { network, alice, bob };
}

function register(more: Partial<RegisterCommand> = {}): RegisterCommand {
  return {
    type: 'register',
    registration: 'r',
    registrarUri: `sip:${SERVER}`,
    addressOfRecord: `sip:alice@${SERVER}`,
    contactUser: 'alice',
    expiresSeconds: 600,
    account: 'alice',
    ...more,
  };
}

/** A server that gives every REGISTER the same verdict. */
function settingWith(authorise: SipPorts['authorise'], minimum = 60) {
  const network = new Network();
  const alice = network.add(PHONE);
  const registrar = {
    minExpiresSeconds: minimum,
    defaultExpiresSeconds: minimum,
    maxExpiresSeconds: minimum,
    maxContacts: 3,
  };
  network.add(SERVER, optionsAt(SERVER, { registrar }), { ...acceptAll, authorise });
  return { network, alice };
}

const RECORD = `sip:alice@${SERVER}`;

function states(node: { eventsOf(type: 'registration'): { state: { type: string } }[] }) {
  return node.eventsOf('registration').map((event) => event.state.type);
}

describe('a registrar that asks for haste', () => {
  const headers = [{ name: 'Retry-After', value: '0' }];
  test.each([
    ['Retry-After: 0', settingWith(() => ({ type: 'reject', status: 503, headers }))],
    ['a second', settingWith(acceptAll.authorise, 1)],
  ])('by %s is asked once a second at most', (_, { network, alice }) => {
    network.command(alice, register({ account: undefined }));
    network.run(10_000);
    const asked = network.seen.filter(({ text }) => text.startsWith('REGISTER'));
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.length).toBeLessThanOrEqual(11);
  });
});

describe('a registration', () => {
  for (const algorithm of ['MD5', 'SHA-256'] as const) {
    test(`is challenged with ${algorithm}, accepted, and bound to the observed source`, () => {
      const scene = setting('secret', [algorithm]);
      scene.network.command(scene.alice, register());
      scene.network.run(5000);
      expect(states(scene.alice)).toEqual(['registering', 'registered']);
      expect(scene.bob.endpoint.bindings(RECORD)).toMatchObject([
        {
          contact: `sip:alice@${PHONE}:5060`,
          destination: { transport: 'udp', address: PHONE, port: 5060 },
          identity: { name: 'alice' },
        },
      ]);
    });
  }

  test('is refreshed before it expires and ended with Expires: 0', () => {
    const scene = setting();
    scene.network.command(scene.alice, register());
    scene.network.run(3_000_000);
    expect(scene.bob.endpoint.bindings(RECORD)).toHaveLength(1);
    const changes = scene.bob.eventsOf('binding').map((event) => event.change.type);
    expect(changes[0]).toBe('added');
    expect(changes.length).toBeGreaterThan(4);
    expect(new Set(changes.slice(1))).toEqual(new Set(['refreshed']));
    scene.network.command(scene.alice, { type: 'unregister', registration: 'r' });
    scene.network.run();
    expect(states(scene.alice).at(-1)).toBe('unregistered');
    expect(scene.bob.endpoint.bindings(RECORD)).toEqual([]);
    expect(scene.alice.counts()).toEqual(NOTHING);
    expect(scene.bob.counts()).toEqual(NOTHING);
  });

  test('with a wrong password fails after two tries and backs off', () => {
    const scene = setting('wrong');
    scene.network.command(scene.alice, register());
    scene.network.run(10_000);
    expect(scene.alice.eventsOf('registration').at(-1)?.state).toMatchObject({
      type: 'failed',
      status: 401,
    });
    const sent = scene.network.seen.filter((seen) => seen.text.startsWith('REGISTER'));
    expect(sent).toHaveLength(2);
    expect(scene.bob.counts().bindings).toBe(0);
  });

  test('of a user nobody knows looks the same as one with a wrong password', () => {
    const strip = (text: string) =>
      text.replace(/nonce="[^"]*"|branch=\w+|tag=\w+|Call-ID: \w+|alice|mallory/g, '');
    const answers = ['alice', 'mallory'].map((user) => {
      const scene = setting('wrong');
      scene.network.command(
        scene.alice,
        register({ addressOfRecord: `sip:${user}@${SERVER}`, account: user }),
      );
      scene.network.run(10_000);
      const replies = scene.network.seen.filter((seen) => seen.from === SERVER);
      return replies.map((reply) => strip(reply.text));
    });
    expect(answers[0]).toHaveLength(2);
    expect(answers[1]).toEqual(answers[0]);
  });

  test('shorter than the registrar allows is raised to Min-Expires after 423', () => {
    const scene = setting();
    scene.network.command(scene.alice, register({ expiresSeconds: 5 }));
    scene.network.run(5000);
    expect(scene.alice.eventsOf('registration').at(-1)?.state).toMatchObject({
      type: 'registered',
      expiresSeconds: 60,
    });
  });

  test('expires at the registrar when the phone falls silent', () => {
    const scene = setting();
    scene.network.command(scene.alice, register());
    scene.network.run(5000);
    scene.network.blackHoles.add(SERVER);
    scene.network.run(700_000);
    const changes = scene.bob.eventsOf('binding').map((event) => event.change.type);
    expect(changes).toEqual(['added', 'expired']);
    expect(scene.bob.counts()).toEqual(NOTHING);
  });

  test('of a silent registrar is tried again with a growing pause', () => {
    const scene = setting();
    scene.network.blackHoles.add(SERVER);
    scene.network.command(scene.alice, register());
    scene.network.run(400_000);
    const pauses = scene.alice
      .eventsOf('registration')
      .flatMap(({ state }) => (state.type === 'failed' ? [state.retryAfterMs ?? 0] : []));
    expect(pauses.length).toBeGreaterThanOrEqual(3);
    expect(pauses[0]).toBeGreaterThanOrEqual(15_000);
    expect(pauses[0]).toBeLessThanOrEqual(30_000);
    expect(pauses[2]).toBeGreaterThanOrEqual(60_000);
  });
});

describe('credentials', () => {
  test('answer the challenge to an INVITE, with the next sequence number', () => {
    const scene = setting();
    answerAfter(scene, 10, 20);
    invite(scene, { account: 'alice' });
    scene.network.run(5000);
    expect(scene.alice.eventsOf('answered')).toHaveLength(1);
    const invites = scene.network.seen.filter((seen) => seen.text.startsWith('INVITE'));
    expect(invites.map((seen) => /CSeq: (\d+)/.exec(seen.text)?.[1])).toEqual(['1', '2']);
    expect(invites[1]?.text).toContain('Authorization: Digest username="alice"');
  });

  test('are not given for a realm that does not own them', () => {
    const scene = setting();
    const { network, alice } = scene;
    network.command(alice, {
      type: 'send',
      exchange: 'x',
      method: 'OPTIONS',
      requestUri: 'sip:192.0.2.66',
      from: `sip:alice@${SERVER}`,
      to: 'sip:192.0.2.66',
      account: 'alice',
    });
    const sent = network.seen[0]!.text;
    const header = (name: string) => new RegExp(`\r\n(${name}: [^\r]*)`).exec(sent)?.[1] ?? '';
    const challenge = [
      'SIP/2.0 401 Unauthorized',
      header('Via'),
      header('From'),
      `${header('To')};tag=1`,
      header('Call-ID'),
      header('CSeq'),
      'WWW-Authenticate: Digest realm="elsewhere", nonce="n"',
      'Content-Length: 0\r\n\r\n',
    ].join('\r\n');
    network.inject('192.0.2.66', PHONE, challenge);
    expect(network.seen).toHaveLength(1);
    expect(alice.eventsOf('response')[0]?.response.status).toBe(401);
  });

  test('that were used once are stale the second time, and no state is made by asking', () => {
    const scene = setting();
    scene.network.command(scene.alice, register());
    scene.network.run(2000);
    const good = scene.network.seen.filter((seen) => seen.text.startsWith('REGISTER'))[1]!;
    const before = scene.bob.counts();
    const replayed = good.text
      .replace(/branch=\w+/, 'branch=z9hG4bKreplay')
      .replace(/CSeq: \d+/, 'CSeq: 99');
    scene.network.inject('203.0.113.9', SERVER, replayed);
    const answer = scene.network.seen.at(-1)!;
    expect(answer.text).toMatch(/^SIP\/2\.0 401 /);
    expect(answer.text).toContain('stale=true');
    expect(scene.bob.counts()).toEqual(before);
  });

  test('cost no state at all when they are missing: a flood of INVITEs leaves nothing', () => {
    const scene = setting();
    for (let index = 0; index < 500; index += 1) {
      const text = [
        `INVITE sip:bob@${SERVER} SIP/2.0`,
        `Via: SIP/2.0/UDP 203.0.113.9;branch=z9hG4bK${index}`,
        `From: <sip:x@${SERVER}>;tag=${index}`,
        `To: <sip:bob@${SERVER}>`,
        `Call-ID: flood${index}`,
        'CSeq: 1 INVITE',
        'Contact: <sip:x@203.0.113.9>\r\n\r\n',
      ].join('\r\n');
      scene.network.inject('203.0.113.9', SERVER, text);
    }
    expect(scene.bob.counts()).toEqual(NOTHING);
    expect(scene.network.seen.every((seen) => seen.text.startsWith('SIP/2.0 401'))).toBe(true);
  });
});

test('a user who authenticates as another than From says is refused', () => {
  const scene = setting();
  scene.network.command(
    scene.alice,
    register({ addressOfRecord: `sip:ceo@${SERVER}`, account: 'alice' }),
  );
  scene.network.run(2000);
  expect(scene.alice.eventsOf('registration').at(-1)?.state).toMatchObject({ status: 403 });
});

test('a registered contact is called at its destination', () => {
  const scene = setting();
  scene.network.command(scene.alice, register());
  scene.network.run(2000);
  const [binding] = scene.bob.endpoint.bindings(RECORD);
  scene.network.command(scene.bob, {
    type: 'invite',
    leg: 'to-alice',
    requestUri: binding!.contact,
    destination: binding!.destination,
    interfaceName: binding!.interfaceName,
    from: `sip:bob@${SERVER}`,
    to: RECORD,
    body: OFFER,
  });
  scene.network.run(4000);
  expect(scene.alice.eventsOf('incoming-invite')[0]?.received.requestUri.user).toBe('alice');
});
