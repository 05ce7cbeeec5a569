/** Whole calls between two endpoints: the ordinary one, its endings, its races. */
import { describe, expect, test } from '@jest/globals';
import {
  ALICE,
  ANSWER,
  answerAfter,
  BOB,
  count,
  hangUpAfter,
  invite,
  NOTHING,
  OFFER,
  pair,
  wire,
} from '../../sip/scenes.ts';

function types(events: readonly { readonly type: string }[]): string[] {
  return events.map((event) => event.type);
}

describe('a call over a perfect network', () => {
  for (const transport of ['udp', 'tcp']) {
    test(`is INVITE, 100, 180, 200, ACK, BYE, 200 over ${transport}, and leaves nothing`, () => {
      const scene = pair();
      answerAfter(scene, 100, 1000);
      hangUpAfter(scene, 5000);
      invite(scene, { requestUri: `sip:bob@${BOB};transport=${transport}` });
      scene.network.run();
      expect(wire(scene)).toEqual([
        'INVITE',
        '100 INVITE',
        '180 INVITE',
        '200 INVITE',
        'ACK',
        'BYE',
        '200 BYE',
      ]);
      expect(types(scene.alice.events)).toEqual([
        'provisional',
        'provisional',
        'answered',
        'ended',
      ]);
      expect(types(scene.bob.events)).toEqual(['incoming-invite', 'acknowledged', 'ended']);
      expect(scene.alice.counts()).toEqual(NOTHING);
      expect(scene.bob.counts()).toEqual(NOTHING);
    });
  }

  test('hung up by the callee ends with `bye` at the caller', () => {
    const scene = pair();
    answerAfter(scene, 10, 20);
    invite(scene);
    scene.network.run(5000);
    const [incoming] = scene.bob.eventsOf('incoming-invite');
    scene.network.command(scene.bob, { type: 'bye', leg: incoming!.leg });
    scene.network.run();
    expect(scene.alice.eventsOf('ended')[0]?.cause.type).toBe('bye');
    expect(scene.alice.counts()).toEqual(NOTHING);
    expect(scene.bob.counts()).toEqual(NOTHING);
  });

  test('refused with 486 is acknowledged and tells the caller status and headers', () => {
    const scene = pair();
    scene.bob.onEvent = (event) => {
      if (event.type !== 'incoming-invite') return;
      scene.network.command(scene.bob, {
        type: 'respond',
        request: event.request,
        status: 486,
        headers: [{ name: 'Reason', value: 'Q.850;cause=17' }],
      });
    };
    invite(scene);
    scene.network.run();
    const cause = scene.alice.eventsOf('ended')[0]?.cause;
    expect(cause).toMatchObject({ type: 'rejected', response: { status: 486 } });
    expect(cause?.type === 'rejected' && cause.response.headers).toContainEqual({
      name: 'Reason',
      value: 'Q.850;cause=17',
    });
    expect(count(wire(scene), 'ACK')).toBe(1);
    expect(scene.alice.counts()).toEqual(NOTHING);
    expect(scene.bob.counts()).toEqual(NOTHING);
  });
});

describe('CANCEL', () => {
  test('while it rings ends both sides, 487 and ACK included', () => {
    const scene = pair();
    answerAfter(scene, 100, 60_000);
    invite(scene);
    scene.network.at(2000, () =>
      scene.network.command(scene.alice, {
        type: 'cancel',
        leg: 'out',
        headers: [{ name: 'Reason', value: 'SIP;cause=200' }],
      }),
    );
    scene.network.run();
    expect(wire(scene)).toEqual([
      'INVITE',
      '100 INVITE',
      '180 INVITE',
      'CANCEL',
      '200 CANCEL',
      '487 INVITE',
      'ACK',
    ]);
    const cause = scene.bob.eventsOf('ended')[0]?.cause;
    expect(cause?.type === 'cancelled' && cause.headers).toContainEqual({
      name: 'Reason',
      value: 'SIP;cause=200',
    });
    expect(scene.alice.eventsOf('ended')).toHaveLength(1);
    expect(scene.alice.counts()).toEqual(NOTHING);
    expect(scene.bob.counts()).toEqual(NOTHING);
  });

  test('before any response waits for one, and the INVITE is sent no more', () => {
    const scene = pair();
    scene.network.blackHoles.add(BOB);
    invite(scene);
    scene.network.at(1000, () =>
      scene.network.command(scene.alice, { type: 'cancel', leg: 'out' }),
    );
    scene.network.run();
    expect(wire(scene)).toEqual(['INVITE', 'INVITE']);
    expect(scene.alice.counts()).toEqual(NOTHING);
  });

  test('crossing the 200 is followed by ACK and BYE, and one end for each side', () => {
    const scene = pair();
    answerAfter(scene, 100, 2000);
    invite(scene);
    // The 200 leaves at 2010 and arrives at 2020; CANCEL leaves in between.
    scene.network.at(2015, () =>
      scene.network.command(scene.alice, { type: 'cancel', leg: 'out' }),
    );
    scene.network.run();
    expect(wire(scene).slice(3)).toEqual([
      '200 INVITE',
      'CANCEL',
      'ACK',
      'BYE',
      '200 CANCEL',
      '200 BYE',
    ]);
    expect(scene.alice.eventsOf('ended')).toHaveLength(1);
    expect(scene.alice.eventsOf('answered')).toHaveLength(0);
    expect(scene.bob.eventsOf('ended')[0]?.cause.type).toBe('bye');
    expect(scene.alice.counts()).toEqual(NOTHING);
    expect(scene.bob.counts()).toEqual(NOTHING);
  });

  test('to a peer that answers 200 to CANCEL and nothing else is given up after 64*T1', () => {
    const scene = pair();
    answerAfter(scene, 100, 600_000);
    scene.network.filter = (seen) => (seen.text.startsWith('SIP/2.0 487') ? 'drop' : undefined);
    invite(scene);
    scene.network.at(1000, () =>
      scene.network.command(scene.alice, { type: 'cancel', leg: 'out' }),
    );
    scene.network.run(1000 + 32_000 + 1);
    expect(scene.alice.counts()).toMatchObject({ legs: 0, requests: 0 });
    scene.network.run(120_000);
    expect(scene.alice.counts()).toEqual(NOTHING);
  });
});

describe('a peer that falls silent', () => {
  test('never answers: seven INVITEs, then `timeout` by timer B', () => {
    const scene = pair();
    scene.network.blackHoles.add(BOB);
    invite(scene);
    scene.network.run();
    expect(count(wire(scene), 'INVITE')).toBe(7);
    expect(scene.network.now).toBe(32_000);
    expect(scene.alice.eventsOf('ended')[0]?.cause.type).toBe('timeout');
    expect(scene.alice.counts()).toEqual(NOTHING);
  });

  test('never acknowledges the 200: eleven of them, BYE, and `no-ack`', () => {
    const scene = pair();
    answerAfter(scene, 10, 20);
    scene.network.filter = (seen) => (seen.text.startsWith('ACK') ? 'drop' : undefined);
    invite(scene);
    scene.network.run();
    expect(count(wire(scene), '200 INVITE')).toBe(11);
    expect(scene.bob.eventsOf('ended')[0]?.cause.type).toBe('no-ack');
    expect(scene.alice.eventsOf('ended')[0]?.cause.type).toBe('bye');
    expect(scene.alice.counts()).toEqual(NOTHING);
    expect(scene.bob.counts()).toEqual(NOTHING);
  });

  test('never acknowledges a 486: eleven of them, and nothing left', () => {
    const scene = pair();
    scene.bob.onEvent = (event) => {
      if (event.type !== 'incoming-invite') return;
      const { request } = event;
      scene.network.command(scene.bob, { type: 'respond', request, status: 486 });
    };
    scene.network.filter = (seen) => (seen.text.startsWith('ACK') ? 'drop' : undefined);
    invite(scene);
    scene.network.run();
    expect(count(wire(scene), '486 INVITE')).toBe(11);
    expect(scene.bob.counts()).toEqual(NOTHING);
    expect(scene.alice.counts()).toEqual(NOTHING);
  });

  test('never answers BYE: eleven of them, and nothing left', () => {
    const scene = pair();
    answerAfter(scene, 10, 20);
    hangUpAfter(scene, 1000);
    scene.network.filter = (seen) => (seen.text.startsWith('BYE') ? 'drop' : undefined);
    invite(scene);
    scene.network.run(120_000);
    expect(count(wire(scene), 'BYE')).toBe(11);
    expect(scene.alice.counts()).toEqual(NOTHING);
  });

  test('rings for ever: CANCEL after the ring timeout, `no-answer` at once', () => {
    const scene = pair();
    answerAfter(scene, 10, 600_000);
    invite(scene, { ringTimeoutMs: 20_000 });
    scene.network.run(25_000);
    expect(scene.alice.eventsOf('ended')[0]?.cause.type).toBe('no-answer');
    expect(scene.bob.eventsOf('ended')[0]?.cause.type).toBe('cancelled');
  });
});

describe('a lost message is made good', () => {
  test('a lost ACK: the 200 comes again and so does the same ACK', () => {
    const scene = pair();
    answerAfter(scene, 10, 20);
    let acks = 0;
    scene.network.filter = (seen) => {
      if (!seen.text.startsWith('ACK')) return undefined;
      acks += 1;
      return acks === 1 ? 'drop' : undefined;
    };
    hangUpAfter(scene, 5000);
    invite(scene);
    scene.network.run();
    const sent = scene.network.seen.filter((seen) => seen.text.startsWith('ACK'));
    expect(sent).toHaveLength(2);
    expect(sent[1]?.text).toBe(sent[0]?.text);
    expect(scene.alice.eventsOf('answered')).toHaveLength(1);
    expect(scene.bob.eventsOf('acknowledged')).toHaveLength(1);
  });

  test('a callee that hangs up before the ACK sends BYE only after it', () => {
    const scene = pair();
    answerAfter(scene, 10, 20);
    let acks = 0;
    scene.network.filter = (seen) => {
      if (!seen.text.startsWith('ACK')) return undefined;
      acks += 1;
      return acks === 1 ? 'drop' : undefined;
    };
    invite(scene);
    scene.network.run(100);
    const [incoming] = scene.bob.eventsOf('incoming-invite');
    scene.network.command(scene.bob, { type: 'bye', leg: incoming!.leg });
    expect(scene.bob.eventsOf('ended')[0]?.cause.type).toBe('local');
    scene.network.run();
    expect(wire(scene).slice(-4)).toEqual(['200 INVITE', 'ACK', 'BYE', '200 BYE']);
    expect(scene.bob.eventsOf('ended')).toHaveLength(1);
    expect(scene.bob.counts()).toEqual(NOTHING);
  });
});

describe('a late offer', () => {
  test('holds the ACK until the answer is there', () => {
    const scene = pair();
    scene.bob.onEvent = (event) => {
      if (event.type !== 'incoming-invite') return;
      const { request } = event;
      expect(event.received.body).toBeUndefined();
      scene.network.command(scene.bob, { type: 'respond', request, status: 200, body: OFFER });
    };
    invite(scene, { body: undefined });
    scene.network.run(1000);
    expect(scene.alice.eventsOf('answered')[0]?.acknowledge).toBe(true);
    expect(wire(scene)).not.toContain('ACK');
    scene.network.command(scene.alice, { type: 'acknowledge', leg: 'out', body: ANSWER });
    scene.network.run(40_000);
    const body = scene.bob.eventsOf('acknowledged')[0]?.body;
    expect(Buffer.from(body!.content).toString()).toBe('v=0\r\no=answer\r\n');
    expect(scene.bob.counts()).toMatchObject({ legs: 1, dialogs: 1, timers: 0 });
  });

  test('hung up without an answer is acknowledged first, then BYE', () => {
    const scene = pair();
    answerAfter(scene, 10, 20);
    invite(scene, { body: undefined });
    scene.network.run(200);
    scene.network.command(scene.alice, { type: 'bye', leg: 'out' });
    scene.network.run();
    expect(wire(scene).slice(-3)).toEqual(['ACK', 'BYE', '200 BYE']);
    expect(scene.bob.counts()).toEqual(NOTHING);
  });
});

describe('a command that can not be carried out', () => {
  test('an INVITE with a line end in a header ends as invalid, and sends nothing', () => {
    const scene = pair();
    invite(scene, { headers: [{ name: 'X-Evil', value: 'a\r\nRoute: <sip:evil>' }] });
    expect(scene.alice.eventsOf('ended')[0]?.cause).toMatchObject({
      type: 'invalid',
      fault: { code: 'sip.header-value' },
    });
    expect(scene.network.seen).toHaveLength(0);
  });

  test('an INVITE with a header that is not the call layer\u2019s to write ends as invalid', () => {
    const scene = pair();
    invite(scene, { headers: [{ name: 'v', value: 'SIP/2.0/UDP evil' }] });
    expect(scene.alice.eventsOf('ended')[0]?.cause).toMatchObject({
      fault: { code: 'sip.header-reserved' },
    });
  });

  test('an INVITE to a name that nobody knows ends as unreachable', () => {
    const scene = pair();
    invite(scene, { requestUri: 'sip:bob@nowhere.example' });
    scene.network.run();
    expect(scene.alice.eventsOf('ended')[0]?.cause.type).toBe('unreachable');
    expect(scene.alice.counts()).toEqual(NOTHING);
  });

  test('a name that resolves is called', () => {
    const scene = pair();
    scene.network.names.set('bob.example', BOB);
    answerAfter(scene, 10, 20);
    invite(scene, { requestUri: 'sip:bob@bob.example' });
    scene.network.run(5000);
    expect(scene.alice.eventsOf('answered')).toHaveLength(1);
  });

  test('a BYE for a leg that nobody knows is refused', () => {
    const scene = pair();
    scene.network.command(scene.alice, { type: 'bye', leg: 'ghost' });
    expect(scene.alice.eventsOf('refused')[0]?.fault.code).toBe('sip.unknown-leg');
  });
});

test('the From that goes out has the display name quoted and a tag of ours', () => {
  const scene = pair();
  invite(scene, { from: `"A \\"B\\" C" <sip:alice@${ALICE}>` });
  expect(scene.network.seen[0]?.text).toMatch(
    /\r\nFrom: "A \\"B\\" C" <sip:alice@192\.0\.2\.1>;tag=[0-9a-f]{12}\r\n/,
  );
});
