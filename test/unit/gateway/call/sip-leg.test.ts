/** What a call's commands to a SIP leg become for the SIP endpoint. */
import { describe, expect, test } from '@jest/globals';
import type { LegCommand } from '../../../../gateway/call/leg-contract.ts';
import { nameAddressOf, newSipLeg, sipCommandsOf } from '../../../../gateway/call/sip-leg.ts';

const PORTS = {
  bindingOf: (flow: string) =>
    flow === 'known'
      ? ({ transport: 'udp', address: '192.0.2.9', port: 5080 } as const)
      : undefined,
};

function invite(route: Extract<LegCommand, { type: 'invite' }>['route']): LegCommand {
  return {
    type: 'invite',
    to: 'sip:bob@example.org',
    from: { uri: 'sip:alice@example.org', displayName: 'Alice "A" \\ Ω\r\nX: y' },
    offer: 'v=0',
    headers: [['X-One', '1']],
    interface: 'lan',
    route,
  };
}

describe('a callee over SIP', () => {
  test('is invited at its address, on its interface, with the offer', () => {
    const leg = newSipLeg('l', 'callee');
    const [command] = sipCommandsOf(leg, invite({ kind: 'sip' }), PORTS);
    expect(command).toMatchObject({
      type: 'invite',
      leg: 'l',
      requestUri: 'sip:bob@example.org',
      to: '<sip:bob@example.org>',
      interfaceName: 'lan',
      headers: [{ name: 'X-One', value: '1' }],
      body: { contentType: 'application/sdp' },
    });
  });

  test('is invited through its proxy, over its transport, under its account', () => {
    const leg = newSipLeg('l', 'callee');
    const route = {
      kind: 'sip',
      proxy: 'sip:edge.example.org',
      transport: 'tcp',
      credentials: 'trunk:pbx',
    } as const;
    const [command] = sipCommandsOf(leg, invite(route), PORTS);
    expect(command).toMatchObject({
      requestUri: 'sip:bob@example.org;transport=tcp',
      route: ['<sip:edge.example.org;lr>'],
      account: 'trunk:pbx',
    });
  });

  test('that is registered is invited at its contact, where it was seen', () => {
    const leg = newSipLeg('l', 'callee');
    const route = { kind: 'binding', contact: 'sip:bob@10.0.0.9', flow: 'known' } as const;
    const [command] = sipCommandsOf(leg, invite(route), PORTS);
    expect(command).toMatchObject({
      requestUri: 'sip:bob@10.0.0.9',
      to: '<sip:bob@example.org>',
      destination: { address: '192.0.2.9', port: 5080 },
    });
  });

  test('is cancelled and hung up on with a Reason', () => {
    const leg = newSipLeg('l', 'callee');
    const cause = { name: 'answered-elsewhere' } as const;
    const value = 'SIP;cause=200;text="Call completed elsewhere"';
    expect(sipCommandsOf(leg, { type: 'cancel', cause }, PORTS)).toEqual([
      { type: 'cancel', leg: 'l', headers: [{ name: 'Reason', value }] },
    ]);
    expect(
      sipCommandsOf(leg, { type: 'hangup', cause: { name: 'normal' }, headers: [] }, PORTS),
    ).toEqual([
      {
        type: 'bye',
        leg: 'l',
        headers: [{ name: 'Reason', value: 'Q.850;cause=16;text="normal"' }],
      },
    ]);
  });

  test('is told digits by INFO, each an exchange of its own', () => {
    const leg = newSipLeg('l', 'callee');
    const dtmf = { type: 'dtmf', digit: '5', durationMs: 100 } as const;
    const first = sipCommandsOf(leg, dtmf, PORTS)[0];
    const second = sipCommandsOf(leg, dtmf, PORTS)[0];
    expect(first).toMatchObject({ type: 'request', method: 'INFO', exchange: 'l.info.1' });
    expect(second).toMatchObject({ exchange: 'l.info.2' });
  });
});

describe('a caller over SIP', () => {
  test.each([
    ['ring', 180],
    ['progress', 183],
  ] as const)('hears %s as %i and still waits', (type, status) => {
    const leg = newSipLeg('l', 'caller', 'r1');
    const command = { type, sdp: 'v=0', headers: [] } as LegCommand;
    expect(sipCommandsOf(leg, command, PORTS)).toMatchObject([
      { type: 'respond', request: 'r1', status },
    ]);
    expect(leg.request).toBe('r1');
  });

  test('is answered once', () => {
    const leg = newSipLeg('l', 'caller', 'r1');
    const answer = { type: 'answer', sdp: 'v=0', headers: [] } as const;
    expect(sipCommandsOf(leg, answer, PORTS)).toMatchObject([{ request: 'r1', status: 200 }]);
    expect(leg).toMatchObject({ state: 'answered', request: undefined });
    expect(sipCommandsOf(leg, answer, PORTS)).toEqual([]);
  });

  test('is refused with the status of the cause and its Reason', () => {
    const leg = newSipLeg('l', 'caller', 'r1');
    const cause = { name: 'no-answer' } as const;
    expect(sipCommandsOf(leg, { type: 'reject', cause, headers: [] }, PORTS)).toMatchObject([
      {
        status: 480,
        reason: 'Temporarily Unavailable',
        headers: [{ name: 'Reason', value: 'Q.850;cause=19;text="no answer"' }],
      },
    ]);
  });

  test('has its re-INVITE answered or refused, and is offered one', () => {
    const leg = newSipLeg('l', 'caller', 'r2');
    const cause = { name: 'request-pending' } as const;
    expect(sipCommandsOf(leg, { type: 'reject-reoffer', cause }, PORTS)).toMatchObject([
      { request: 'r2', status: 491 },
    ]);
    leg.request = 'r3';
    expect(sipCommandsOf(leg, { type: 'reanswer', sdp: 'v=0' }, PORTS)).toMatchObject([
      { request: 'r3', status: 200 },
    ]);
    expect(sipCommandsOf(leg, { type: 'reoffer', sdp: 'v=0' }, PORTS)).toMatchObject([
      { type: 'reinvite', leg: 'l' },
    ]);
  });

  test('is not told what only browsers want to know', () => {
    const leg = newSipLeg('l', 'caller', 'r1');
    expect(sipCommandsOf(leg, { type: 'media', event: { type: 'connected' } }, PORTS)).toEqual([]);
  });
});

describe('a name and address', () => {
  test.each([
    [undefined, '<sip:a@b>'],
    ['', '<sip:a@b>'],
    ['Alice', '"Alice" <sip:a@b>'],
    ['A "B" \\', '"A \\"B\\" \\\\" <sip:a@b>'],
    ['A\r\nVia: x', '"A  Via: x" <sip:a@b>'],
  ])('of %j is %j', (displayName, text) => {
    expect(nameAddressOf({ uri: 'sip:a@b', displayName })).toBe(text);
  });
});
