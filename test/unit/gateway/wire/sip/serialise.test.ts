import { expect, test } from '@jest/globals';
import { serialise } from '../../../../../gateway/wire/sip/serialise.ts';

test('a message is its lines, its true length and its octets', () => {
  const bytes = serialise({
    startLine: 'SIP/2.0 200 OK',
    headers: [{ name: 'From', value: 'ü' }],
    content: Uint8Array.of(0, 255),
  });
  const head = Buffer.from('SIP/2.0 200 OK\r\nFrom: ü\r\nContent-Length: 2\r\n\r\n');
  expect(bytes).toEqual(Buffer.concat([head, Buffer.from([0, 255])]));
});

test('a line end in a value can not end its line', () => {
  const text = serialise({
    startLine: 'SIP/2.0 200 a\r\nX: y',
    headers: [{ name: 'Subject', value: 'a\r\n\r\nb' }],
    content: new Uint8Array(),
  }).toString();
  expect(text).toBe('SIP/2.0 200 a X: y\r\nSubject: a b\r\nContent-Length: 0\r\n\r\n');
});
