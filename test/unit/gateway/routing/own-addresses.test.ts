/** Which addresses are ours. */
import { describe, expect, test } from '@jest/globals';
import { isOurs } from '../../../../gateway/routing/own-addresses.ts';
import { parseUri } from '../../../../gateway/wire/sip/uri.ts';

const own = { domains: ['example.org'], hosts: ['192.0.2.1', '2001:db8::1'], ports: [5060, 5070] };

describe('an address', () => {
  test.each([
    ['sip:a@example.org', true],
    ['sip:a@EXAMPLE.org:9999', true],
    ['sip:a@sub.example.org', false],
    ['sip:a@192.0.2.1', true],
    ['sip:a@192.0.2.1:5070', true],
    ['sip:a@192.0.2.1:5080', false],
    ['sips:a@192.0.2.1', false],
    ['sip:a@[2001:db8::1]', true],
    ['sip:a@192.0.2.2', false],
    ['tel:+1234', false],
  ])('%s is ours: %s', (text, ours) => {
    const uri = parseUri(text);
    expect(uri.ok && isOurs(own, uri.value)).toBe(ours);
  });
});
