/** Attributes looked up by name. */
import { expect, test } from '@jest/globals';
import {
  attributeValue,
  attributeValues,
  hasAttribute,
} from '../../../../../gateway/wire/sdp/session-description.ts';

const attributes = [
  { name: 'rtcp-mux' },
  { name: 'rtpmap', value: '0 PCMU/8000' },
  { name: 'rtpmap', value: '8 PCMA/8000' },
];

test('the first of a name gives its value, a property an empty one, a stranger none', () => {
  expect(attributeValue(attributes, 'rtpmap')).toBe('0 PCMU/8000');
  expect(attributeValue(attributes, 'rtcp-mux')).toBe('');
  expect(attributeValue(attributes, 'rtcp')).toBeUndefined();
});

test('all of a name give their values in order', () => {
  expect(attributeValues(attributes, 'rtpmap')).toEqual(['0 PCMU/8000', '8 PCMA/8000']);
  expect(attributeValues(attributes, 'rtcp-mux')).toEqual([]);
});

test('names are compared whole', () => {
  expect(hasAttribute(attributes, 'rtcp-mux')).toBe(true);
  expect(hasAttribute(attributes, 'rtcp')).toBe(false);
});
