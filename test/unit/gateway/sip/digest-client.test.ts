import { describe, expect, test } from '@jest/globals';
import { answerChallenges } from '../../../../gateway/sip/digest-client.ts';
import type { RequestDraft } from '../../../../gateway/sip/request-draft.ts';
import type { SipHeader } from '../../../../gateway/wire/sip/message.ts';
import { response } from './requests.ts';

function draft(headers: readonly SipHeader[] = []): RequestDraft {
  return {
    method: 'INVITE',
    requestUri: 'sip:x',
    from: '',
    to: '',
    callId: '',
    cseq: 1,
    routes: [],
    maxForwards: 70,
    headers,
    content: '',
  };
}

function answers(status: number, challenges: readonly string[], sent: readonly SipHeader[] = []) {
  return answerChallenges({
    response: response(status, challenges),
    draft: draft(sent),
    cnonce: 'c',
    credentials: (realm) => (realm === 'r' ? { username: 'u', password: 'p' } : undefined),
  });
}

const WWW = 'WWW-Authenticate: Digest ';

describe('answering challenges (RFC 3261 §22, RFC 8760 §2.4)', () => {
  test('takes the first algorithm of a realm that it knows', () => {
    const headers = answers(401, [
      `${WWW}realm="r", nonce="n", algorithm=SHA-512-256, qop="auth"`,
      `${WWW}realm="r", nonce="n", algorithm=SHA-256, qop="auth"`,
      `${WWW}realm="r", nonce="n", algorithm=MD5, qop="auth"`,
    ]);
    expect(headers).toHaveLength(1);
    expect(headers?.[0]?.value).toContain('algorithm=SHA-256');
  });

  test('echoes opaque, counts from one, and answers 407 in Proxy-Authorization', () => {
    const [header] = answers(407, [
      'Proxy-Authenticate: Digest realm="r", nonce="n", opaque="o", qop="auth"',
    ])!;
    expect(header?.name).toBe('Proxy-Authorization');
    expect(header?.value).toMatch(/opaque="o", qop=auth, cnonce="c", nc=00000001$/);
  });

  test('speaks RFC 2069 where no qop is offered, and not at all where only auth-int is', () => {
    expect(answers(401, [`${WWW}realm="r", nonce="n"`])?.[0]?.value).not.toContain('qop');
    expect(answers(401, [`${WWW}realm="r", nonce="n", qop="auth-int"`])).toBeUndefined();
  });

  test('tells no other realm anything', () => {
    expect(answers(401, [`${WWW}realm="elsewhere", nonce="n"`])).toBeUndefined();
  });

  test('tries the same realm again only when its nonce was stale', () => {
    const sent = answers(401, [`${WWW}realm="r", nonce="n"`])!;
    expect(answers(401, [`${WWW}realm="r", nonce="m"`], sent)).toBeUndefined();
    expect(answers(401, [`${WWW}realm="r", nonce="m", stale=TRUE`], sent)).toHaveLength(1);
  });
});
