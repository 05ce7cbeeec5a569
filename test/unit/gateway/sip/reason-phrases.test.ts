import { expect, test } from '@jest/globals';
import { reasonPhrase } from '../../../../gateway/sip/reason-phrases.ts';

test('a status has its phrase, and an unknown one something to say all the same', () => {
  expect([reasonPhrase(486), reasonPhrase(699)]).toEqual(['Busy Here', 'Unknown']);
});
