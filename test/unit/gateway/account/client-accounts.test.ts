/** Accounts of API clients: registered elsewhere, known here only, shared, and given up. */
import { describe, expect, test } from '@jest/globals';
import {
  ClientAccounts,
  type ClientAccountsOutput,
} from '../../../../gateway/account/client-accounts.ts';
import type { ClientAccountCommand } from '../../../../gateway/account/client-accounts-contract.ts';
import { Users } from '../../../../gateway/account/users.ts';
import type { RegistrationState } from '../../../../gateway/sip/endpoint-contract.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const users = new Users(
  [{ name: 'local', password: 'pw', codecs: [], mediaFromAnywhere: false }],
  'causeway',
);
const PORTS = {
  users,
  isOurs: ({ host }: { readonly host: string }) => host === 'here.example',
  mayReach: ({ host }: { readonly host: string }) => host !== 'forbidden.example',
};

type Register = Extract<ClientAccountCommand, { type: 'register' }>;

class Bench {
  readonly accounts: ClientAccounts;

  constructor(snapshot?: ConstructorParameters<typeof ClientAccounts>[2]) {
    this.accounts = new ClientAccounts(PORTS, new SeededRandom(1), snapshot);
  }

  register(more: Partial<Register> = {}): ClientAccountsOutput[] {
    return this.command({ ...REGISTER, ...more });
  }

  command(command: ClientAccountCommand): ClientAccountsOutput[] {
    this.accounts.command(command);
    return this.outputs();
  }

  /** The registrar's word on the only account there is. */
  hears(state: RegistrationState): ClientAccountsOutput[] {
    const [account] = this.accounts.snapshot();
    this.accounts.registration({ type: 'registration', registration: account!.key, state });
    return this.outputs();
  }

  outputs(): ClientAccountsOutput[] {
    const outputs: ClientAccountsOutput[] = [];
    for (let each = this.accounts.poll(); each !== undefined; each = this.accounts.poll()) {
      outputs.push(each);
    }
    return outputs;
  }
}

const REGISTER: Register = {
  type: 'register',
  client: '1',
  addressOfRecord: 'sip:alice@pbx.example',
  secret: { type: 'password', password: 'wonder' },
  send: true,
  headers: [],
  contactParameters: {},
  interface: 'lan',
  local: true,
};
const GUEST: Partial<Register> = {
  addressOfRecord: 'sip:guest@here.example',
  secret: { type: 'none' },
  send: false,
};
const REGISTERED: RegistrationState = { type: 'registered', expiresSeconds: 60, headers: [] };
const REFUSED = { type: 'failed', status: 403, reason: 'Forbidden', headers: [] } as const;

function types(outputs: readonly ClientAccountsOutput[]): string[] {
  return outputs.map((each) => (each.type === 'event' ? each.event.type : each.command.type));
}

describe('an account elsewhere', () => {
  test('is registered at its domain, under a Contact of its own', () => {
    const bench = new Bench();
    const outputs = bench.register();
    expect(types(outputs)).toEqual(['register', 'registering']);
    expect(outputs[0]).toMatchObject({
      command: {
        registrarUri: 'sip:pbx.example',
        addressOfRecord: 'sip:alice@pbx.example',
        contactUser: expect.stringMatching(/^alice-[0-9a-f]{8}$/),
      },
    });
    expect(bench.hears(REGISTERED)).toMatchObject([{ event: { type: 'registered', sent: true } }]);
  });

  test('is registered at its registrar and through its proxy, where it names them', () => {
    const [output] = new Bench().register({
      registrar: 'sip:registrar.example',
      outboundProxy: 'sip:edge.example',
    });
    expect(output).toMatchObject({
      command: { registrarUri: 'sip:registrar.example', route: ['<sip:edge.example;lr>'] },
    });
  });

  test('is called by its Contact only, once it is registered', () => {
    const bench = new Bench();
    bench.register();
    const { contactUser } = bench.accounts.snapshot()[0]!;
    expect(bench.accounts.calledAs(contactUser)).toEqual([]);
    bench.hears(REGISTERED);
    expect(bench.accounts.calledAs(contactUser)).toMatchObject([{ clients: ['1'] }]);
    expect(bench.accounts.calledAs('alice')).toEqual([]);
  });

  test('does not tell of refreshes, nor of one that failed for now', () => {
    const bench = new Bench();
    bench.register();
    bench.hears(REGISTERED);
    expect(bench.hears(REGISTERED)).toEqual([]);
    expect(bench.hears({ ...REFUSED, status: 503, retryAfterMs: 1_000 })).toEqual([]);
    expect(bench.accounts.size).toBe(1);
  });

  test('that is refused is gone, and nothing goes on behind its back', () => {
    const bench = new Bench();
    bench.register();
    expect(types(bench.hears({ ...REFUSED, retryAfterMs: 1_000 }))).toEqual([
      'registration-failed',
      'unregister',
    ]);
    expect(bench.accounts.size).toBe(0);
  });

  test('unregisters before it is gone', () => {
    const bench = new Bench();
    bench.register();
    bench.hears(REGISTERED);
    expect(types(bench.command({ type: 'unregister', client: '1' }))).toEqual(['unregister']);
    expect(bench.hears({ type: 'unregistered' })).toMatchObject([
      { event: { type: 'unregistered', sent: true } },
    ]);
    expect(bench.accounts.size).toBe(0);
  });

  test('may not be where policy forbids', () => {
    const outputs = new Bench().register({ addressOfRecord: 'sip:a@forbidden.example' });
    expect(outputs).toMatchObject([{ event: { type: 'registration-failed', status: 403 } }]);
  });

  test.each([
    [
      { type: 'password', password: 'wonder' },
      { username: 'alice', password: 'wonder' },
    ],
    [
      { type: 'ha1', ha1: 'abc' },
      { username: 'alice', ha1: { MD5: 'abc' } },
    ],
    [{ type: 'none' }, undefined],
  ] as const)('with %j answers challenges with %j', (secret, credentials) => {
    const bench = new Bench();
    bench.register({ secret });
    const [account] = bench.accounts.snapshot();
    expect(bench.accounts.credentials(account!.key)).toEqual(credentials);
    expect(bench.accounts.credentials('client:stranger')).toBeUndefined();
  });
});

describe('an account known here only', () => {
  test('is registered at once and called by its own name', () => {
    const bench = new Bench();
    expect(bench.register(GUEST)).toMatchObject([{ event: { type: 'registered', sent: false } }]);
    expect(bench.accounts.calledAs('guest')).toMatchObject([{ clients: ['1'], interface: 'lan' }]);
  });

  test.each([
    ['the secret of a user', { type: 'password', password: 'pw' }, 'registered'],
    ['a wrong secret', { type: 'password', password: 'no' }, 'registration-failed'],
    ['no secret', { type: 'none' }, 'registration-failed'],
  ] as const)('at the address of a user of ours with %s', (_, secret, type) => {
    const bench = new Bench();
    const addressOfRecord = 'sip:local@here.example';
    expect(types(bench.register({ addressOfRecord, secret }))).toEqual([type]);
    expect(bench.accounts.ofUser('local')).toHaveLength(type === 'registered' ? 1 : 0);
  });

  test.each([true, false])('is nobody’s by naming another registrar (sent: %s)', (send) => {
    const claim = {
      addressOfRecord: 'sip:local@here.example',
      registrar: 'sip:elsewhere.example',
      send,
    };
    const guest = new Bench().register({ ...claim, secret: { type: 'none' } });
    expect(guest).toMatchObject([{ event: { type: 'registration-failed', status: 403 } }]);
    const shared = { ...claim, addressOfRecord: 'sip:theirs@here.example' };
    expect(types(new Bench().register(shared))).not.toContain('registration-failed');
  });

  test('reaches nobody through a proxy that policy does not allow', () => {
    const outputs = new Bench().register({ ...GUEST, outboundProxy: 'sip:forbidden.example' });
    expect(outputs).toMatchObject([{ event: { type: 'registration-failed', status: 403 } }]);
  });

  test('under a name that nobody has takes no secret', () => {
    const outputs = new Bench().register({ addressOfRecord: 'sip:no@here.example' });
    expect(outputs).toMatchObject([{ event: { type: 'registration-failed', status: 403 } }]);
  });

  test.each(['nonsense', 'sip:here.example', 'tel:+1234'])('cannot be %j', (addressOfRecord) => {
    const outputs = new Bench().register({ ...GUEST, addressOfRecord });
    expect(outputs).toMatchObject([{ event: { type: 'registration-failed', status: 400 } }]);
  });
});

describe('a helper', () => {
  test('calls and is called under the account of its master', () => {
    const bench = new Bench();
    bench.register(GUEST);
    const outputs = bench.command({ type: 'join', client: '2', master: '1' });
    expect(outputs).toMatchObject([{ event: { type: 'registered', client: '2' } }]);
    expect(bench.accounts.calledAs('guest')[0]?.clients).toEqual(['1', '2']);
  });

  test('hears with its master when that is registered', () => {
    const bench = new Bench();
    bench.register();
    expect(bench.command({ type: 'join', client: '2', master: '1' })).toEqual([]);
    expect(types(bench.hears(REGISTERED))).toEqual(['registered', 'registered']);
  });

  test('of nobody fails', () => {
    const outputs = new Bench().command({ type: 'join', client: '2', master: '1' });
    expect(outputs).toMatchObject([{ event: { type: 'registration-failed', status: 404 } }]);
  });

  test('goes alone, but not without its master', () => {
    const bench = new Bench();
    bench.register(GUEST);
    bench.command({ type: 'join', client: '2', master: '1' });
    expect(bench.command({ type: 'forget', client: '2' })).toEqual([]);
    bench.command({ type: 'join', client: '3', master: '1' });
    const outputs = bench.command({ type: 'forget', client: '1' });
    expect(outputs).toMatchObject([{ event: { type: 'unregistered', client: '3' } }]);
    expect(bench.accounts.size).toBe(0);
  });
});

describe('accounts', () => {
  test('of a handle that registers anew are replaced', () => {
    const bench = new Bench();
    bench.register();
    expect(types(bench.register(GUEST))).toEqual(['unregister', 'registered']);
    expect(bench.accounts.size).toBe(1);
  });

  test('are restored from their snapshot', () => {
    const bench = new Bench();
    bench.register(GUEST);
    const restored = new Bench(JSON.parse(JSON.stringify(bench.accounts.snapshot())));
    expect(restored.accounts.calledAs('guest')).toHaveLength(1);
    expect(types(restored.command({ type: 'unregister', client: '1' }))).toEqual(['unregistered']);
  });

  test('that are not there unregister without complaint', () => {
    expect(types(new Bench().command({ type: 'unregister', client: '9' }))).toEqual([
      'unregistered',
    ]);
  });
});
