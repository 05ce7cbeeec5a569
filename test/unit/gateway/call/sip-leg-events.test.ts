/** What the SIP endpoint's events become for the call. */
import { describe, expect, test } from '@jest/globals';
import { newSipLeg } from '../../../../gateway/call/sip-leg.ts';
import {
  incomingLegOf,
  legEventsOf,
  passedHeaders,
} from '../../../../gateway/call/sip-leg-events.ts';
import type { EndCause, ReceivedResponse } from '../../../../gateway/sip/endpoint-contract.ts';
import { incomingInvite, sdpBody } from '../../../support/call/sip-events.ts';

const SOURCE = { transport: 'udp', address: '192.0.2.7', port: 5060 } as const;

function response(status: number, more: Partial<ReceivedResponse> = {}): ReceivedResponse {
  return { status, reason: 'Phrase', headers: [], source: SOURCE, ...more };
}

describe('an INVITE', () => {
  test('is an incoming leg with its identity, offer, address and hops', () => {
    const leg = incomingLegOf(incomingInvite({ identity: { kind: 'user', name: 'a' } }), undefined);
    expect(leg).toMatchObject({
      leg: 'leg-1',
      signalling: 'sip',
      account: 'user:a',
      local: false,
      secure: false,
      from: { uri: 'sip:phone@192.0.2.7', displayName: 'Phone' },
      to: 'sip:echo@192.0.2.1',
      offer: 'v=0',
      signallingAddress: '192.0.2.7',
      callId: 'call-id-1',
      headers: [
        ['X-Tenant', 'blue'],
        ['Max-Forwards', '69'],
      ],
    });
  });

  test('of nobody in particular has no account, and without SDP leaves the offer to us', () => {
    const leg = incomingLegOf(incomingInvite({ body: undefined }), undefined);
    expect(leg.account).toBeUndefined();
    expect(leg.offer).toBeUndefined();
  });
});

describe('a callee', () => {
  test.each([
    [100, undefined, undefined, ['trying']],
    [180, 'f', undefined, ['ringing']],
    [180, 'f', 'v=0', ['progress', 'ringing']],
    [183, 'f', 'v=0', ['progress']],
    [183, 'f', undefined, ['trying']],
    [182, 'f', undefined, ['trying']],
  ])('that says %i with %s and SDP %s means %j', (status, fork, sdp, types) => {
    const leg = newSipLeg('l', 'callee');
    const body = sdp === undefined ? undefined : sdpBody(sdp);
    const event = { type: 'provisional', leg: 'l', fork, response: response(status, { body }) };
    const events = legEventsOf(leg, event as Parameters<typeof legEventsOf>[1]);
    expect(events.map(({ type }) => type)).toEqual(types);
  });

  test('that answers tells its description, its fork and where it is', () => {
    const leg = newSipLeg('l', 'callee');
    const body = sdpBody('v=0');
    expect(
      legEventsOf(leg, {
        type: 'answered',
        leg: 'l',
        fork: 'f',
        response: response(200, { body }),
        acknowledge: false,
      }),
    ).toEqual([
      {
        type: 'answered',
        sdp: 'v=0',
        fork: 'f',
        headers: [],
        signallingAddress: '192.0.2.7',
      },
    ]);
    expect(leg.state).toBe('answered');
  });

  test.each<readonly [EndCause, string, string]>([
    [{ type: 'rejected', response: response(486) }, 'rejected', 'busy'],
    [{ type: 'no-answer' }, 'rejected', 'no-answer'],
    [{ type: 'timeout' }, 'rejected', 'timeout'],
    [
      { type: 'unreachable', fault: { code: 'sip.x', detail: 'no way' } },
      'rejected',
      'unreachable',
    ],
    [{ type: 'invalid', fault: { code: 'sip.x', detail: 'bad' } }, 'rejected', 'bad-request'],
  ])('that ends early as %j was %s: %s', (cause, type, name) => {
    const events = legEventsOf(newSipLeg('l', 'callee'), { type: 'ended', leg: 'l', cause });
    expect(events).toMatchObject([{ type, cause: { name } }]);
  });

  test.each<readonly [EndCause, string]>([
    [{ type: 'bye', headers: [] }, 'normal'],
    [{ type: 'bye', headers: [{ name: 'Reason', value: 'Q.850;cause=31' }] }, 'normal'],
    [{ type: 'bye', headers: [{ name: 'Reason', value: 'Q.850;cause=41' }] }, 'peer-failed'],
    [{ type: 'dialog-lost', status: 481 }, 'no-such-dialog'],
    [{ type: 'dialog-lost', status: 408 }, 'timeout'],
    [{ type: 'no-ack' }, 'no-acknowledgement'],
  ])('that ends answered as %j has ended: %s', (cause, name) => {
    const leg = { ...newSipLeg('l', 'callee'), state: 'answered' as const };
    const events = legEventsOf(leg, { type: 'ended', leg: 'l', cause });
    expect(events).toMatchObject([{ type: 'ended', cause: { name } }]);
  });
});

describe('a caller', () => {
  test('that gives up has cancelled, even if another answered', () => {
    const headers = [{ name: 'Reason', value: 'SIP;cause=200' }];
    const cause = { type: 'cancelled', headers } as const;
    expect(legEventsOf(newSipLeg('l', 'caller'), { type: 'ended', leg: 'l', cause })).toEqual([
      { type: 'cancelled', cause: { name: 'answered-elsewhere' } },
    ]);
  });

  test('that we ended is no news', () => {
    const event = { type: 'ended', leg: 'l', cause: { type: 'local' } } as const;
    expect(legEventsOf(newSipLeg('l', 'caller'), event)).toEqual([]);
  });

  test('that sends a re-INVITE offers anew, and its request waits', () => {
    const leg = newSipLeg('l', 'caller');
    const { received } = incomingInvite({});
    const event = { type: 'incoming-reinvite', leg: 'l', request: 'r9', received } as const;
    expect(legEventsOf(leg, event)).toEqual([{ type: 'reoffered', sdp: 'v=0' }]);
    expect(leg.request).toBe('r9');
    legEventsOf(leg, { type: 'reinvite-cancelled', leg: 'l', request: 'r9' });
    expect(leg.request).toBeUndefined();
  });

  test('confirms by ACK, with or without an answer', () => {
    const leg = newSipLeg('l', 'caller');
    expect(legEventsOf(leg, { type: 'acknowledged', leg: 'l' })).toEqual([
      { type: 'confirmed', sdp: undefined },
    ]);
    const body = sdpBody('v=0');
    expect(legEventsOf(leg, { type: 'acknowledged', leg: 'l', body })).toEqual([
      { type: 'confirmed', sdp: 'v=0' },
    ]);
  });
});

describe('a re-INVITE of ours', () => {
  const answered = (body?: ReturnType<typeof sdpBody>) =>
    legEventsOf(newSipLeg('l', 'callee'), {
      type: 'reinvite-answered',
      leg: 'l',
      response: response(200, { body }),
      acknowledge: false,
    });

  test('is answered with SDP, or as good as refused', () => {
    expect(answered(sdpBody('v=0'))).toEqual([{ type: 'reanswered', sdp: 'v=0' }]);
    expect(answered()).toMatchObject([{ type: 'reoffer-rejected' }]);
  });

  test('that met a glare tells when it may be made again', () => {
    const event = { type: 'reinvite-failed', leg: 'l', response: response(491) } as const;
    expect(legEventsOf(newSipLeg('l', 'callee'), { ...event, retryAfterMs: 700 })).toMatchObject([
      { type: 'reoffer-rejected', cause: { name: 'request-pending' }, retryAfterMs: 700 },
    ]);
  });
});

describe('headers', () => {
  test('pass only if they are the applications’ own or listed', () => {
    const names = ['X-A', 'Via', 'alert-info', 'Authorization', 'Contact', 'Geolocation-Routing'];
    const passed = passedHeaders(names.map((name) => ({ name, value: '1' })));
    expect(passed.map(([name]) => name)).toEqual(['X-A', 'alert-info', 'Geolocation-Routing']);
  });
});
