import { describe, expect, test } from '@jest/globals';
import { digestResponse, ha1Of } from '../../../../gateway/sip/digest.ts';
import {
  DigestServer,
  type DigestSnapshot,
  NONCE_LIFETIME,
} from '../../../../gateway/sip/digest-server.ts';
import { parseAuthentication, serialiseDigest } from '../../../../gateway/wire/sip/challenge.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const KEY = 'ab'.repeat(32);
const alice = { username: 'alice', password: 'secret' };

function server(from?: DigestSnapshot): DigestServer {
  return new DigestServer(KEY, new SeededRandom(1), from);
}

function ask(digest: DigestServer, authorization: string | undefined, now: number) {
  const headers =
    authorization === undefined ? [] : [{ name: 'Authorization', value: authorization }];
  return digest.verify(
    {
      method: 'REGISTER',
      headers,
      realm: 'here',
      algorithms: ['MD5', 'SHA-256'],
      proxy: false,
      credentials: (_realm, username) => (username === 'alice' ? alice : undefined),
    },
    now,
  );
}

function challengeOf(verdict: ReturnType<typeof ask>): ReadonlyMap<string, string> {
  const [first] = verdict.type === 'challenge' ? verdict.headers : [];
  return parseAuthentication(first!.value)!.parameters;
}

function credentials(nonce: string, nc: string | undefined, password = 'secret'): string {
  const ha1 = ha1Of({ ...alice, password }, 'here', 'MD5')!;
  const qop = nc === undefined ? undefined : 'auth';
  const cnonce = nc && 'c';
  const parts = { method: 'REGISTER', uri: 'sip:here', nonce, qop, nc, cnonce } as const;
  const response = digestResponse(ha1, { algorithm: 'MD5', ...parts });
  return serialiseDigest([
    ['username', 'alice'],
    ['realm', 'here'],
    ['nonce', nonce],
    ['uri', 'sip:here'],
    ['response', response],
    ['qop', qop],
    ['nc', nc],
    ['cnonce', cnonce],
  ]);
}

describe('the digest server', () => {
  test('challenges once for each algorithm, in the order given', () => {
    const verdict = ask(server(), undefined, 0);
    const algorithms =
      verdict.type === 'challenge'
        ? verdict.headers.map(({ value }) =>
            parseAuthentication(value)?.parameters.get('algorithm'),
          )
        : [];
    expect(algorithms).toEqual(['MD5', 'SHA-256']);
  });

  test('accepts right credentials while their count rises, and never the same twice', () => {
    const digest = server();
    const nonce = challengeOf(ask(digest, undefined, 0)).get('nonce')!;
    expect(ask(digest, credentials(nonce, '00000001'), 10)).toEqual({
      type: 'valid',
      username: 'alice',
    });
    expect(ask(digest, credentials(nonce, '00000002'), 20).type).toBe('valid');
    const replayed = challengeOf(ask(digest, credentials(nonce, '00000002'), 30));
    expect(replayed.get('stale')).toBe('true');
    expect(ask(digest, credentials(nonce, '00000001'), 40).type).toBe('challenge');
  });

  test('accepts a nonce without qop only once', () => {
    const digest = server();
    const nonce = challengeOf(ask(digest, undefined, 0)).get('nonce')!;
    expect(ask(digest, credentials(nonce, undefined), 10).type).toBe('valid');
    expect(ask(digest, credentials(nonce, undefined), 20).type).toBe('challenge');
  });

  test('calls an old nonce stale, and a forged or foreign one simply wrong', () => {
    const digest = server();
    const nonce = challengeOf(ask(digest, undefined, 0)).get('nonce')!;
    const late = challengeOf(ask(digest, credentials(nonce, '00000001'), NONCE_LIFETIME + 1));
    expect(late.get('stale')).toBe('true');
    const forged = `${nonce.slice(0, -1)}${nonce.endsWith('A') ? 'B' : 'A'}`;
    expect(challengeOf(ask(digest, credentials(forged, '00000001'), 1)).has('stale')).toBe(false);
  });

  test('keeps nothing of those who fail', () => {
    const digest = server();
    const nonce = challengeOf(ask(digest, undefined, 0)).get('nonce')!;
    ask(digest, credentials(nonce, '00000001', 'wrong'), 1);
    expect(digest.size).toBe(0);
    expect(ask(digest, credentials(nonce, '00000001'), 2).type).toBe('valid');
  });

  test('forgets the counts of nonces that have expired', () => {
    const digest = server();
    for (let now = 0; now < 5 * NONCE_LIFETIME; now += NONCE_LIFETIME / 2) {
      const nonce = challengeOf(ask(digest, undefined, now)).get('nonce')!;
      ask(digest, credentials(nonce, '00000001'), now);
    }
    expect(digest.size).toBeLessThanOrEqual(4);
  });

  test('remembers counts across a restart', () => {
    const digest = server();
    const nonce = challengeOf(ask(digest, undefined, 0)).get('nonce')!;
    ask(digest, credentials(nonce, '00000001'), 1);
    const restored = server(JSON.parse(JSON.stringify(digest.snapshot())));
    expect(ask(restored, credentials(nonce, '00000001'), 2).type).toBe('challenge');
    expect(ask(restored, credentials(nonce, '00000002'), 3).type).toBe('valid');
  });
});
