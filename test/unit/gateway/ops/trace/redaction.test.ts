/** Secrets that must not be found in any trace. */
import { describe, expect, test } from '@jest/globals';
import { redactJson, redactText } from '../../../../../gateway/ops/trace/redaction.ts';

const SECRET = 's3cr3tV4lue+/=';

describe('text', () => {
  test.each([
    [`Authorization: Digest username="a", response="${SECRET}"\r\nVia: x`, 'Via: x'],
    [`proxy-authorization : Digest\r\n response="${SECRET}"\r\nVia: x`, 'Via: x'],
    [`WWW-Authenticate: Digest nonce="${SECRET}"`, 'WWW-Authenticate'],
    [`Authentication-Info: nextnonce="${SECRET}"`, 'Authentication-Info'],
    [`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${SECRET}|2^31`, 'AES_CM_128_HMAC_SHA1_80'],
    [`a=ice-pwd:${SECRET}\r\na=ice-ufrag:keep`, 'a=ice-ufrag:keep'],
  ])('%j holds no secret any more, and all the rest', (text, kept) => {
    const redacted = redactText(text);
    expect(redacted).not.toContain('s3cr3t');
    expect(redacted).toContain(kept);
    expect(redacted).toContain('[redacted]');
  });

  test('without secrets stays as it is', () => {
    const text = 'INVITE sip:a@b SIP/2.0\r\nX-Authorization-Kind: none\r\n\r\na=sendrecv\r\n';
    expect(redactText(text)).toBe(text);
  });
});

describe('an API message', () => {
  test.each(['apisecret', 'token', 'secret', 'ha1_secret', 'admin_secret', 'PIN'])(
    'keeps its %s to itself at any depth',
    (name) => {
      const text = redactJson({ body: [{ [name]: SECRET, request: 'register' }] });
      expect(text).not.toContain('s3cr3t');
      expect(text).toContain('register');
    },
  );

  test('keeps the secrets of its SDP too', () => {
    const sdp = `v=0\r\na=ice-pwd:${SECRET}\r\na=mid:0\r\n`;
    const text = redactJson({ jsep: { type: 'offer', sdp } });
    expect(text).not.toContain('s3cr3t');
    expect(text).toContain('a=mid:0');
  });
});
