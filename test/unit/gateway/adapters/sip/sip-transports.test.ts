import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { SystemClock } from '../../../../../gateway/adapters/clock/system-clock.ts';
import { SystemRandom } from '../../../../../gateway/adapters/random/system-random.ts';
import { SipTransports } from '../../../../../gateway/adapters/sip/sip-transports.ts';
import { silentLog } from '../../../../../gateway/core/log.ts';
import { SipEndpoint } from '../../../../../gateway/sip/endpoint.ts';
import type { SipEvent, SipInterface } from '../../../../../gateway/sip/endpoint-contract.ts';
import { textBody } from '../../../../../gateway/wire/sip/message.ts';

const SDP = textBody('application/sdp', 'v=0\r\n');
const open: SipTransports[] = [];

afterEach(async () => {
  for (const transports of open.splice(0)) await transports.close();
});

interface Phone {
  readonly transports: SipTransports;
  readonly endpoint: SipEndpoint;
  readonly events: SipEvent[];
  /** Resolves with the first event of the type, past or future. */
  heard<T extends SipEvent['type']>(type: T): Promise<SipEvent & { type: T }>;
}

async function phone(port: number): Promise<Phone> {
  const at = { name: 'main', bindAddress: '127.0.0.1', port };
  const interfaces: SipInterface[] = [
    { ...at, transport: 'udp' },
    { ...at, transport: 'tcp' },
  ];
  const endpoint = new SipEndpoint(
    {
      interfaces,
      productName: 'Causeway-test',
      applicationMethods: [],
      extensions: [],
      acceptedBodyTypes: ['application/sdp'],
      registrar: {
        minExpiresSeconds: 60,
        defaultExpiresSeconds: 60,
        maxExpiresSeconds: 60,
        maxContacts: 1,
      },
      nonceKey: '00',
    },
    {
      authorise: () => ({ type: 'accept', identity: { kind: 'anonymous', name: '' } }),
      userCredentials: () => undefined,
      accountCredentials: () => undefined,
    },
    new SystemRandom(),
  );
  const events: SipEvent[] = [];
  const waiting: { type: string; resolve: (event: never) => void }[] = [];
  const transports = new SipTransports(endpoint, {
    clock: new SystemClock(),
    log: silentLog,
    onEvent: (event) => {
      events.push(event);
      for (const waiter of waiting) if (waiter.type === event.type) waiter.resolve(event as never);
    },
    resolve: async () => [],
  });
  await transports.open(interfaces);
  open.push(transports);
  return {
    transports,
    endpoint,
    events,
    heard: (type) => {
      const past = events.find((event) => event.type === type);
      if (past !== undefined) return Promise.resolve(past as never);
      return new Promise((resolve) => waiting.push({ type, resolve }));
    },
  };
}

function call(from: Phone, uri: string): void {
  from.transports.command({
    type: 'invite',
    leg: 'out',
    requestUri: uri,
    from: 'sip:alice@127.0.0.1',
    to: uri,
    body: SDP,
  });
}

async function client(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

function options(branch: string, length = '0'): string {
  return [
    'OPTIONS sip:127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK${branch}`,
    'From: <sip:a@127.0.0.1>;tag=1',
    'To: <sip:127.0.0.1>',
    `Call-ID: ${branch}`,
    'CSeq: 1 OPTIONS',
    `Content-Length: ${length}`,
    '',
    '',
  ].join('\r\n');
}

describe('SIP over the sockets of the machine', () => {
  for (const [index, transport] of ['udp', 'tcp'].entries()) {
    test(`a call is placed, answered and ended over ${transport}`, async () => {
      const alice = await phone(31_110 + index);
      const bob = await phone(31_120 + index);
      call(alice, `sip:bob@127.0.0.1:${31_120 + index};transport=${transport}`);
      const { request } = await bob.heard('incoming-invite');
      bob.transports.command({ type: 'respond', request, status: 200, body: SDP });
      await alice.heard('answered');
      await bob.heard('acknowledged');
      alice.transports.command({ type: 'bye', leg: 'out' });
      expect((await bob.heard('ended')).cause.type).toBe('bye');
    });
  }

  test('a connection that is refused ends the leg as unreachable', async () => {
    const alice = await phone(31_130);
    call(alice, 'sip:bob@127.0.0.1:31139;transport=tcp');
    expect((await alice.heard('ended')).cause.type).toBe('unreachable');
  });

  test('a UDP request is answered to the port it came from when it asks for rport', async () => {
    const { endpoint } = await phone(31_140);
    const socket = createSocket('udp4');
    const asked = options('udp1').replace('/TCP 127.0.0.1:9', '/UDP 127.0.0.1:9;rport');
    socket.send(asked, 31_140, '127.0.0.1');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    expect(answer.toString()).toMatch(/^SIP\/2.0 200 OK\r\n/);
    expect(endpoint.counts().transactions).toBe(0);
  });

  test('a double CRLF on a connection is answered by a single one', async () => {
    await phone(31_150);
    const socket = await client(31_150);
    socket.write('\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toBe('\r\n');
  });

  test('two requests in one segment get two answers on the same connection', async () => {
    await phone(31_160);
    const socket = await client(31_160);
    socket.write(options('one') + options('two'));
    let text = '';
    while ((text.match(/SIP\/2.0 200/g) ?? []).length < 2) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      text += chunk.toString();
    }
    socket.destroy();
    expect(text).toMatch(/Call-ID: one[\s\S]*Call-ID: two/);
  });

  test('a connection with an ambiguous length is closed without an answer', async () => {
    const { transports } = await phone(31_170);
    const socket = await client(31_170);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString();
    });
    socket.write(options('bad', '-1'));
    await once(socket, 'close');
    expect(received).toBe('');
    expect(transports.connections).toBe(0);
  });

  test('a closed connection takes the contacts that were registered on it', async () => {
    const registrar = await phone(31_180);
    const socket = await client(31_180);
    const register = options('reg')
      .replaceAll('OPTIONS', 'REGISTER')
      .replace('CSeq', 'Contact: <sip:a@127.0.0.1:9;transport=tcp>\r\nCSeq');
    socket.write(register);
    expect((await registrar.heard('binding')).change.type).toBe('added');
    socket.destroy();
    for (let closed = false; !closed; ) {
      await new Promise(setImmediate);
      closed = registrar.events.some(
        (event) => event.type === 'binding' && event.change.type === 'flow-lost',
      );
    }
    expect(registrar.endpoint.counts().bindings).toBe(0);
  });
});
