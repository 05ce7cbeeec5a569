import { describe, expect, test } from '@jest/globals';
import { parseHead } from '../../../../../gateway/wire/sip/head.ts';

describe('parseHead (RFC 3261 §7.3.1)', () => {
  test('unfolds lines, trims values and knows names in any spelling', () => {
    expect(parseHead('OPTIONS sip:a SIP/2.0\r\nv :  one\r\n\ttwo\r\nX-Y:')).toEqual({
      ok: true,
      value: {
        startLine: 'OPTIONS sip:a SIP/2.0',
        headers: [
          { name: 'Via', value: 'one two' },
          { name: 'X-Y', value: '' },
        ],
      },
    });
  });

  test('refuses bare line ends and control characters, which others might read as line ends', () => {
    for (const bad of [
      'a\r\nX: b\nY: c',
      'a\r\nX: b\rY: c',
      'a\r\nX: b\0',
      'a\r\nX: b\x0b',
      'a\r\nX: b\r',
    ]) {
      expect({ bad, ok: parseHead(bad).ok }).toEqual({ bad, ok: false });
    }
  });

  test('lets escaped control characters stand (RFC 4475 §3.1.1.2)', () => {
    expect(parseHead('a\r\nX: "\\\0"').ok).toBe(true);
  });

  test('refuses lines that are no header, and more headers than a message may have', () => {
    for (const bad of ['a\r\nno colon', 'a\r\n: x', 'a\r\nA B: x', `a${'\r\nX: y'.repeat(201)}`]) {
      expect(parseHead(bad).ok).toBe(false);
    }
    expect(parseHead(`a${'\r\nX: y'.repeat(200)}`).ok).toBe(true);
  });
});
