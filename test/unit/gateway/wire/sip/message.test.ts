import { describe, expect, test } from '@jest/globals';
import {
  bodyOf,
  bodyText,
  headerFields,
  headerTokens,
  headerValue,
  headerValues,
  mediaType,
  splitList,
  textBody,
} from '../../../../../gateway/wire/sip/message.ts';
import { parseMessage } from '../../../../../gateway/wire/sip/parse-message.ts';
import { SEEDS } from '../../../../fuzz/sip/messages.ts';

const headers = [
  { name: 'Contact', value: '"a, b" <sip:a@b?x=1,2>, <sip:c@d>;q=1 ,' },
  { name: 'X-Thing', value: 'One' },
  { name: 'Contact', value: '<sip:e@f>' },
  { name: 'Supported', value: '100rel, Replaces' },
];

describe('headers', () => {
  test('are found by any spelling of their name', () => {
    expect([headerValue(headers, 'm')?.length, headerValue(headers, 'x-tHING')]).toEqual([
      39,
      'One',
    ]);
    expect(headerValue(headers, 'Via')).toBeUndefined();
    expect(headerFields(headers, 'contact')).toHaveLength(2);
  });

  test('are lists split at commas outside quotes and angle brackets', () => {
    expect(headerValues(headers, 'Contact')).toEqual([
      '"a, b" <sip:a@b?x=1,2>',
      '<sip:c@d>;q=1',
      '<sip:e@f>',
    ]);
    expect(splitList('<a,b>,<c,d>;x="e,f",g')).toEqual(['<a,b>', '<c,d>;x="e,f"', 'g']);
    expect(headerTokens(headers, 'Supported')).toEqual(['100rel', 'replaces']);
  });

  test('are read in one pass, whatever brackets, quotes and commas there are', () => {
    expect(splitList('a<b,c"d,e')).toEqual(['a<b', 'c"d,e']);
    expect(splitList('<a,b>c,<d')).toEqual(['<a,b>c', '<d']);
    expect(splitList(' , ,a, ,')).toEqual(['a']);
    // Read once for each comma these would be 10^12 steps, and outlast any test's patience.
    expect(splitList(','.repeat(1_000_000))).toEqual([]);
    expect(splitList(`${'<>'.repeat(500_000)},`)).toHaveLength(1);
  });

  test('have no more values than the limit', () => {
    const many = [{ name: 'Via', value: 'a,'.repeat(5000) }];
    expect(headerValues(many, 'Via').length).toBeLessThanOrEqual(101);
  });
});

describe('bodies', () => {
  test('carry their type and their octets', () => {
    const message = parseMessage(SEEDS[0]!, 'datagram');
    const body = message.ok ? bodyOf(message.value) : undefined;
    expect(body?.contentType).toBe('application/sdp');
    expect(bodyText(body!)).toBe('v=0\r\n');
    expect(bodyText(textBody('text/plain', 'ü'))).toBe('ü');
  });

  test('have a media type without parameters', () => {
    expect(mediaType('Multipart/Mixed ; boundary=x')).toBe('multipart/mixed');
  });
});
