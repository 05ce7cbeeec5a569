/** All SIP legs between calls and the endpoint. */
import { describe, expect, test } from '@jest/globals';
import { SipLegs } from '../../../../gateway/call/sip-legs.ts';
import { incomingInvite } from '../../../support/call/sip-events.ts';

const PORTS = { bindingOf: () => undefined, policyOf: () => undefined };

function withCaller(): SipLegs {
  const legs = new SipLegs(PORTS);
  legs.event(incomingInvite({}));
  return legs;
}

function info(type: string | undefined, text = '') {
  const { received } = incomingInvite({ method: 'INFO' });
  const content = Buffer.from(text);
  const body = type === undefined ? undefined : { contentType: type, content };
  return {
    type: 'incoming-request',
    request: 'r2',
    leg: 'leg-1',
    received: { ...received, body },
  } as const;
}

describe('SIP legs', () => {
  test('come with an INVITE and go with their end', () => {
    const legs = new SipLegs(PORTS);
    const step = legs.event(incomingInvite({}));
    expect(step.inputs).toMatchObject([{ type: 'incoming', leg: { leg: 'leg-1' } }]);
    expect(legs.size).toBe(1);
    legs.event({ type: 'ended', leg: 'leg-1', cause: { type: 'local' } });
    expect(legs.size).toBe(0);
  });

  test('come with an invitation of ours too, and answer its events', () => {
    const legs = new SipLegs(PORTS);
    const commands = legs.command('mine', {
      type: 'invite',
      to: 'sip:bob@192.0.2.9',
      from: { uri: 'sip:alice@192.0.2.1' },
      offer: 'v=0',
      headers: [],
      interface: 'lan',
      route: { kind: 'sip' },
    });
    expect(commands).toMatchObject([{ type: 'invite', leg: 'mine' }]);
    const cause = { type: 'timeout' } as const;
    expect(legs.event({ type: 'ended', leg: 'mine', cause }).inputs).toMatchObject([
      { type: 'leg-event', leg: 'mine', event: { type: 'rejected', cause: { name: 'timeout' } } },
    ]);
  });

  test('that are unknown are neither commanded nor heard', () => {
    const legs = new SipLegs(PORTS);
    expect(legs.command('x', { type: 'ring', headers: [] })).toEqual([]);
    const event = { type: 'ended', leg: 'x', cause: { type: 'local' } } as const;
    expect(legs.event(event)).toEqual({ inputs: [], commands: [] });
  });

  test.each([
    ['application/dtmf-relay', 'Signal=5', 200, 1],
    ['text/plain', 'hello', 415, 0],
    [undefined, '', 200, 0],
  ])('answer INFO of %s holding %j with %i', (type, text, status, news) => {
    const step = withCaller().event(info(type, text));
    expect(step.commands).toEqual([{ type: 'respond', request: 'r2', status }]);
    expect(step.inputs).toHaveLength(news);
  });

  test('answer requests that they do not understand with 501', () => {
    const event = info('text/plain');
    const message = { ...event, received: { ...event.received, method: 'MESSAGE' } };
    expect(withCaller().event(message).commands).toMatchObject([{ status: 501 }]);
  });

  test('survive as JSON, with the request that waits', () => {
    const snapshot = JSON.parse(JSON.stringify(withCaller().snapshot()));
    const restored = new SipLegs(PORTS, snapshot);
    expect(restored.command('leg-1', { type: 'ring', headers: [] })).toMatchObject([
      { request: 'request-1', status: 180 },
    ]);
  });
});
