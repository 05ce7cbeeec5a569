import { describe, expect, test } from '@jest/globals';
import { MAX_NESTING } from '../../../../gateway/janus/json.ts';
import { readRequest } from '../../../../gateway/janus/request.ts';

const BASE = { janus: 'Message', transaction: 't' };

describe('the envelope of a request', () => {
  test('gives its verb in lower case, its ids and its credentials', () => {
    const text = JSON.stringify({
      ...BASE,
      session_id: 1,
      handle_id: 2,
      apisecret: 's',
      token: 'k',
    });
    expect(readRequest(text)).toMatchObject({
      ok: true,
      request: {
        verb: 'message',
        transaction: 't',
        session: 1,
        handle: 2,
        apiSecret: 's',
        token: 'k',
      },
    });
  });

  test('takes ids from the path where the body has none', () => {
    const read = readRequest(JSON.stringify(BASE), { session: 3, handle: 4 });
    expect(read).toMatchObject({ request: { session: 3, handle: 4 } });
  });

  test('an id that contradicts the path is a wrong path', () => {
    const read = readRequest(JSON.stringify({ ...BASE, handle_id: 5 }), { session: 3, handle: 4 });
    expect(read).toMatchObject({ ok: false, answer: { error: { code: 457 }, session_id: 3 } });
  });

  test('that is nested deeper than any client nests is no JSON of ours', () => {
    const nested = (levels: number) =>
      `{"janus":"message","transaction":"t","body":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(readRequest(nested(MAX_NESTING - 1))).toMatchObject({ ok: true });
    for (const levels of [MAX_NESTING, 60_000]) {
      expect(readRequest(nested(levels))).toMatchObject({
        ok: false,
        answer: { error: { code: 454 } },
      });
    }
  });

  test('that is damaged anywhere is answered and never throws', () => {
    const text = JSON.stringify({ ...BASE, session_id: 1 });
    for (let length = 0; length < text.length; length += 1) {
      expect(readRequest(text.slice(0, length)).ok).toBe(false);
    }
  });

  test('nested beyond all reason is answered too', () => {
    const deep = '['.repeat(60_000);
    expect(readRequest(deep).ok).toBe(false);
    expect(readRequest(`${deep}${']'.repeat(60_000)}`).ok).toBe(false);
  });
});
