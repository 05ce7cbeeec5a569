import { describe, expect, test } from '@jest/globals';
import type { ClientAccountCommand } from '../../../../../../gateway/account/client-accounts-contract.ts';
import type { JsonObject } from '../../../../../../gateway/janus/json.ts';
import type { PluginOutlet } from '../../../../../../gateway/janus/plugins/plugin.ts';
import { Registration } from '../../../../../../gateway/janus/plugins/sip/registration.ts';

const PEER = { address: '127.0.0.1', loopback: true, secure: false };
const REGISTERED = {
  type: 'registered',
  client: '7',
  addressOfRecord: 'sip:a@b',
  account: 'acc',
  sent: true,
} as const;

function bench() {
  const events: JsonObject[] = [];
  const commands: ClientAccountCommand[] = [];
  const nothing = () => {
    throw new Error('a registration makes no calls');
  };
  const outlet: PluginOutlet = {
    handle: 7,
    mediaInterface: 'outside',
    event: (data) => events.push(data),
    account: (command) => commands.push(command),
    hangup: nothing,
    openLeg: nothing,
    legEvent: nothing,
    inspect: nothing,
    randomCallId: nothing,
  };
  const registration = new Registration(outlet);
  const register = (body: JsonObject) =>
    registration.register({ transaction: 't', body, peer: PEER });
  return { registration, register, events, commands };
}

describe('the account of a handle', () => {
  test('is there once it is registered, and calls go out under it', () => {
    const { registration, register } = bench();
    register({ username: 'sip:a@b', secret: 's', display_name: 'A' });
    expect(registration.registered).toBeUndefined();
    registration.accountEvent(REGISTERED);
    expect(registration.registered).toMatchObject({
      self: { uri: 'sip:a@b', displayName: 'A' },
      account: 'acc',
    });
  });

  test('is gone when a refresh fails, and the client hears of it', () => {
    const { registration, register, events } = bench();
    register({ username: 'sip:a@b', secret: 's' });
    registration.accountEvent(REGISTERED);
    registration.accountEvent({
      type: 'registration-failed',
      client: '7',
      status: 503,
      reason: 'Service Unavailable',
      headers: [['Retry-After', '5']],
    });
    expect(registration.registered).toBeUndefined();
    expect(events.at(-1)).toMatchObject({
      result: { event: 'registration_failed', code: 503, headers: { 'Retry-After': '5' } },
    });
  });

  test('cannot be asked for twice at once', () => {
    const { register } = bench();
    register({ username: 'sip:a@b', secret: 's' });
    expect(register({ username: 'sip:a@b', secret: 's' })?.error).toBe('wrongState');
  });

  test('an outcome that nobody waits for changes nothing', () => {
    const { registration, events } = bench();
    registration.accountEvent(REGISTERED);
    expect(registration.registered).toBeUndefined();
    expect(events).toEqual([]);
  });

  test('is forgotten once, and only if it was asked for', () => {
    const { registration, register, commands } = bench();
    registration.forget();
    register({ username: 'sip:a@b', type: 'guest' });
    registration.forget();
    registration.forget();
    expect(commands.map(({ type }) => type)).toEqual(['register', 'forget']);
  });
});
