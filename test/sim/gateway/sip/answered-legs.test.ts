/** Dialogs between two endpoints: re-INVITE, glare, other requests, forks (RFC 3261 §12 to §14). */
import { describe, expect, test } from '@jest/globals';
import {
  ALICE,
  ANSWER,
  answerAfter,
  BOB,
  invite,
  NOTHING,
  OFFER,
  pair,
  wire,
} from '../../sip/scenes.ts';

/** A call that stands. */
function established() {
  const scene = pair();
  answerAfter(scene, 10, 20);
  invite(scene);
  scene.network.run(1000);
  const leg = scene.bob.eventsOf('incoming-invite')[0]!.leg;
  scene.network.seen.length = 0;
  return { ...scene, leg };
}

/** A message of a callee that is no endpoint of ours, made from the request it answers. */
function answerTo(request: string, status: string, tag: string, body = ''): string {
  const header = (name: string) => new RegExp(`\r\n(${name}: [^\r]*)`).exec(request)?.[1] ?? '';
  const to = `${header('To')};tag=${tag}`;
  const contact = `Contact: <sip:${tag}@${BOB}:5070>`;
  const head = [header('Via'), header('From'), to, header('Call-ID'), header('CSeq'), contact];
  const type = body === '' ? [] : ['Content-Type: application/sdp'];
  const length = `Content-Length: ${body.length}`;
  return [`SIP/2.0 ${status}`, ...head, ...type, length, '', body].join('\r\n');
}

describe('a re-INVITE', () => {
  test('from the caller is answered and acknowledged, and the session stands', () => {
    const scene = established();
    scene.bob.onEvent = (event) => {
      if (event.type !== 'incoming-reinvite') return;
      const { request } = event;
      scene.network.command(scene.bob, { type: 'respond', request, status: 200, body: ANSWER });
    };
    scene.network.command(scene.alice, { type: 'reinvite', leg: 'out', body: OFFER });
    scene.network.run(5000);
    expect(wire(scene)).toEqual(['INVITE', '100 INVITE', '200 INVITE', 'ACK']);
    expect(scene.alice.eventsOf('reinvite-answered')).toHaveLength(1);
    expect(scene.bob.eventsOf('acknowledged')).toHaveLength(2);
  });

  test('refused with 488 leaves the call as it was', () => {
    const scene = established();
    scene.alice.onEvent = (event) => {
      if (event.type !== 'incoming-reinvite') return;
      const { request } = event;
      scene.network.command(scene.alice, { type: 'respond', request, status: 488 });
    };
    scene.network.command(scene.bob, { type: 'reinvite', leg: scene.leg, body: OFFER });
    scene.network.run(5000);
    expect(scene.bob.eventsOf('reinvite-failed')[0]?.response.status).toBe(488);
    expect(scene.bob.counts()).toMatchObject({ legs: 1, dialogs: 1 });
    expect(scene.bob.eventsOf('ended')).toHaveLength(0);
  });

  test('from both at once gets 491 on both sides, with a back-off range for each (§14.1)', () => {
    const scene = established();
    scene.network.command(scene.alice, { type: 'reinvite', leg: 'out', body: OFFER });
    scene.network.command(scene.bob, { type: 'reinvite', leg: scene.leg, body: OFFER });
    scene.network.run(5000);
    const atAlice = scene.alice.eventsOf('reinvite-failed')[0]!;
    const atBob = scene.bob.eventsOf('reinvite-failed')[0]!;
    expect([atAlice.response.status, atBob.response.status]).toEqual([491, 491]);
    expect(atAlice.retryAfterMs).toBeGreaterThanOrEqual(2100);
    expect(atAlice.retryAfterMs).toBeLessThanOrEqual(4000);
    expect(atBob.retryAfterMs).toBeGreaterThanOrEqual(0);
    expect(atBob.retryAfterMs).toBeLessThanOrEqual(2000);
  });

  test('answered with 481 ends the leg with BYE (§12.2.1.2)', () => {
    const scene = established();
    scene.network.filter = (seen) => (seen.text.startsWith('BYE') ? 'drop' : undefined);
    scene.network.command(scene.bob, { type: 'bye', leg: scene.leg });
    scene.network.command(scene.alice, { type: 'reinvite', leg: 'out', body: OFFER });
    scene.network.run();
    expect(scene.alice.eventsOf('ended')[0]?.cause).toEqual({ type: 'dialog-lost', status: 481 });
    expect(scene.alice.counts()).toEqual(NOTHING);
  });

  test('pending when BYE comes is answered with 487 (§15.1.2)', () => {
    const scene = established();
    scene.network.command(scene.alice, { type: 'reinvite', leg: 'out', body: OFFER });
    scene.network.run(2000);
    scene.network.command(scene.alice, { type: 'bye', leg: 'out' });
    scene.network.run();
    expect(wire(scene)).toContain('487 INVITE');
    expect(scene.alice.counts()).toEqual(NOTHING);
    expect(scene.bob.counts()).toEqual(NOTHING);
  });
});

describe('other requests in a dialog', () => {
  test('INFO reaches the application of the leg and its answer the sender', () => {
    const scene = established();
    scene.bob.onEvent = (event) => {
      if (event.type !== 'incoming-request') return;
      expect(event.leg).toBe(scene.leg);
      const { request } = event;
      scene.network.command(scene.bob, { type: 'respond', request, status: 200 });
    };
    scene.network.command(scene.alice, {
      type: 'request',
      leg: 'out',
      exchange: 'dtmf',
      method: 'INFO',
      body: { contentType: 'application/dtmf-relay', content: Buffer.from('Signal=5\r\n') },
    });
    scene.network.run(5000);
    expect(scene.alice.eventsOf('response')[0]).toMatchObject({
      exchange: 'dtmf',
      response: { status: 200 },
    });
  });

  test('of a method that nobody takes meets 405 with Allow, and the call stands', () => {
    const scene = established();
    scene.network.command(scene.alice, {
      type: 'request',
      leg: 'out',
      exchange: 'x',
      method: 'REFER',
    });
    scene.network.run(2000);
    const response = scene.alice.eventsOf('response')[0]?.response;
    expect(response?.status).toBe(405);
    expect(response?.headers.find((header) => header.name === 'Allow')?.value).toContain('INFO');
    expect(scene.alice.eventsOf('ended')).toHaveLength(0);
  });

  test('with an old sequence number meet 500 (§12.2.2)', () => {
    const scene = established();
    scene.network.command(scene.alice, {
      type: 'request',
      leg: 'out',
      exchange: 'one',
      method: 'OPTIONS',
    });
    scene.network.run(2000);
    const sent = scene.network.seen[0]!.text;
    const older = sent.replace(/CSeq: \d+/, 'CSeq: 0').replace(/branch=\w+/, 'branch=z9hG4bKold');
    scene.network.inject(ALICE, BOB, older);
    expect(scene.network.seen.at(-1)?.text).toMatch(/^SIP\/2\.0 500 /);
  });

  test('with a wrong tag meet 481 and change nothing', () => {
    const scene = established();
    scene.network.command(scene.alice, { type: 'bye', leg: 'out' });
    const bye = scene.network.seen[0]!.text.replace(/(To: [^\r]*tag=)\w+/, '$1wrong');
    scene.network.filter = () => 'drop';
    scene.network.inject(ALICE, BOB, bye);
    expect(scene.network.seen.at(-1)?.text).toMatch(/^SIP\/2\.0 481 /);
    expect(scene.bob.counts().legs).toBe(1);
  });
});

describe('an INVITE that forks downstream', () => {
  test('has an early dialog for each To tag; the first 2xx wins, the second gets ACK and BYE', () => {
    const scene = pair();
    scene.network.blackHoles.add(BOB);
    invite(scene);
    const sent = scene.network.seen[0]!.text;
    const reply = (status: string, tag: string, body?: string) =>
      scene.network.inject(BOB, ALICE, answerTo(sent, status, tag, body));
    reply('183 Session Progress', 'one', 'v=0\r\n');
    reply('180 Ringing', 'two');
    expect(scene.alice.eventsOf('provisional').map((event) => event.fork)).toEqual(['one', 'two']);
    expect(scene.alice.counts().dialogs).toBe(2);
    reply('200 OK', 'two', 'v=0\r\n');
    expect(scene.alice.eventsOf('answered')[0]?.fork).toBe('two');
    expect(scene.alice.eventsOf('fork-ended').map((event) => event.fork)).toEqual(['one']);
    reply('200 OK', 'three', 'v=0\r\n');
    expect(wire(scene)).toEqual(['INVITE', 'ACK', 'ACK', 'BYE']);
    expect(scene.network.seen.at(-1)?.text).toMatch(/^BYE sip:three@/);
    expect(scene.alice.eventsOf('answered')).toHaveLength(1);
    reply('200 OK', 'three', 'v=0\r\n');
    expect(wire(scene).slice(4)).toEqual(['ACK']);
    scene.network.command(scene.alice, { type: 'bye', leg: 'out' });
    scene.network.run();
    expect(scene.alice.counts()).toEqual(NOTHING);
  });

  test('has early dialogs up to a limit, however many tags there are', () => {
    const scene = pair();
    scene.network.blackHoles.add(BOB);
    invite(scene);
    const sent = scene.network.seen[0]!.text;
    for (let tag = 0; tag < 100; tag += 1) {
      scene.network.inject(
        BOB,
        ALICE,
        answerTo(sent, '183 Session Progress', `t${tag}`, 'v=0\r\n'),
      );
    }
    const heard = scene.alice.eventsOf('provisional');
    expect(heard).toHaveLength(100);
    expect(new Set(heard.flatMap(({ fork }) => fork ?? [])).size).toBe(32);
    expect(scene.alice.counts().dialogs).toBe(32);
  });

  test('sends ACK and BYE along the route set of the 2xx, in reverse order', () => {
    const scene = pair();
    scene.network.blackHoles.add(BOB);
    invite(scene);
    const routes = 'Record-Route: <sip:near@192.0.2.9;lr>, <sip:far@192.0.2.8;lr>\r\nVia';
    const answer = answerTo(scene.network.seen[0]!.text, '200 OK', 'one', 'v=0\r\n');
    scene.network.inject(BOB, ALICE, answer.replace('Via', routes));
    const ack = scene.network.seen.at(-1)!;
    expect(ack.text).toMatch(/^ACK sip:one@192\.0\.2\.2:5070 SIP\/2\.0\r\n/);
    expect(ack.text.match(/\r\nRoute: [^\r]*/g)).toEqual([
      '\r\nRoute: <sip:far@192.0.2.8;lr>',
      '\r\nRoute: <sip:near@192.0.2.9;lr>',
    ]);
    expect(ack.to).toBe('192.0.2.8');
  });
});

describe('a caller behind a NAT', () => {
  test('is sent BYE at the address it is seen at, not at its Contact', () => {
    const scene = pair();
    const hidden = '192.168.1.77';
    const request = [
      `INVITE sip:bob@${BOB} SIP/2.0`,
      `Via: SIP/2.0/UDP ${hidden}:5060;rport;branch=z9hG4bKnat`,
      'Max-Forwards: 70',
      `From: <sip:carol@${BOB}>;tag=c`,
      `To: <sip:bob@${BOB}>`,
      'Call-ID: nat',
      'CSeq: 1 INVITE',
      `Contact: <sip:carol@${hidden}>`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    scene.network.inject('198.51.100.7', BOB, request);
    const { request: key, leg } = scene.bob.eventsOf('incoming-invite')[0]!;
    scene.network.command(scene.bob, { type: 'respond', request: key, status: 200, body: OFFER });
    const ok = scene.network.seen.at(-1)!;
    expect(ok.to).toBe('198.51.100.7');
    expect(ok.text).toContain(`;rport=5060;branch=z9hG4bKnat;received=198.51.100.7`);
    const tag = /\r\nTo: [^\r]*tag=(\w+)/.exec(ok.text)![1];
    const ack = request
      .replaceAll('INVITE', 'ACK')
      .replace('z9hG4bKnat', 'z9hG4bKack')
      .replace(`To: <sip:bob@${BOB}>`, `To: <sip:bob@${BOB}>;tag=${tag}`);
    scene.network.inject('198.51.100.7', BOB, ack);
    scene.network.command(scene.bob, { type: 'bye', leg });
    const bye = scene.network.seen.at(-1)!;
    expect(bye.text).toMatch(/^BYE sip:carol@192\.168\.1\.77 /);
    expect(bye.to).toBe('198.51.100.7');
  });
});
