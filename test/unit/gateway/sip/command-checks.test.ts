import { describe, expect, test } from '@jest/globals';
import {
  checkAddress,
  checkBody,
  checkHeaders,
  checkRoutes,
  checkUri,
  takeHeader,
} from '../../../../gateway/sip/command-checks.ts';

const CRLF = 'x\r\nVia: y';

describe('what a command may put on the wire', () => {
  test('are headers with canonical names that the endpoint does not write itself', () => {
    expect(checkHeaders([{ name: 'r', value: ' <sip:x> ' }])).toEqual({
      ok: true,
      value: [{ name: 'Refer-To', value: '<sip:x>' }],
    });
    for (const name of ['v', 'CALL-ID', 'content-length', 'Authorization', 'l', 'm', 'a b', '']) {
      expect({ name, ok: checkHeaders([{ name, value: 'x' }]).ok }).toEqual({ name, ok: false });
    }
    expect(checkHeaders([{ name: 'max-forwards', value: '9' }]).ok).toBe(false);
    expect(checkHeaders([{ name: 'RAck', value: '1 1 INVITE' }], ['RAck']).ok).toBe(true);
  });

  test('is nowhere a line end', () => {
    expect(checkHeaders([{ name: 'X', value: CRLF }]).ok).toBe(false);
    expect(checkAddress(`sip:a@b;${CRLF}`).ok).toBe(false);
    expect(checkUri(`sip:a@b;${CRLF}`)).toBeDefined();
    expect(checkRoutes([`<sip:a;lr>${CRLF}`])).toBeDefined();
    expect(checkBody({ contentType: `a/b;${CRLF}`, content: new Uint8Array() })).toBeDefined();
  });

  test('are addresses in brackets without a tag', () => {
    expect(checkAddress('sip:a@b')).toEqual({ ok: true, value: '<sip:a@b>' });
    expect(checkAddress('<sip:a@b>;tag=x').ok).toBe(false);
  });

  test('are URIs without headers and routes in brackets', () => {
    expect([checkUri('sip:a@b'), checkRoutes(['<sip:p;lr>']), checkBody(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(checkUri('sip:a@b?Route=x')).toBeDefined();
    expect(checkRoutes(['sip:p;lr'])).toBeDefined();
  });

  test('may be taken out of the list by name', () => {
    const headers = [{ name: 'Max-Forwards', value: '9' }];
    expect(takeHeader(headers, 'Max-Forwards')).toEqual({ value: '9', rest: [] });
  });
});
