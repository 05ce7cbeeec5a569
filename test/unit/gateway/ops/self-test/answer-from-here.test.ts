import { describe, expect, test } from '@jest/globals';
import {
  answerFromHere,
  codecOf,
  placesOf,
} from '../../../../../gateway/ops/self-test/answer-from-here.ts';

const ANSWER = [
  'v=0',
  'c=IN IP4 203.0.113.7',
  'm=audio 10000 UDP/TLS/RTP/SAVPF 111 126',
  'a=rtpmap:126 telephone-event/48000',
  'a=rtpmap:111 opus/48000/2',
  'a=candidate:1 1 udp 2130706431 203.0.113.7 10000 typ host',
  'a=candidate:2 1 udp 2130706175 198.51.100.9 10000 typ host',
  '',
].join('\r\n');

describe('the answer, for a caller on the same machine', () => {
  test('has the bound address for the advertised one, and no other change', () => {
    expect(answerFromHere(ANSWER, [['203.0.113.7', '10.0.0.5']])).toBe(
      ANSWER.replace('431 203.0.113.7', '431 10.0.0.5'),
    );
  });

  test('stays as it is where what is advertised is what is bound', () => {
    expect(answerFromHere(ANSWER, [])).toBe(ANSWER);
  });

  test('names its first codec, whatever comes first among its attributes', () => {
    expect(codecOf(ANSWER)).toBe('opus/48000/2');
    expect(codecOf('v=0\r\n')).toBe('an unknown codec');
  });

  test('tells where it wants its packets', () => {
    expect(placesOf(ANSWER)).toBe('203.0.113.7 port 10000/udp, 198.51.100.9 port 10000/udp');
    expect(placesOf('v=0\r\n')).toBe('no address at all');
  });
});
