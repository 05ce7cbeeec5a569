import { expect, test } from '@jest/globals';
import { MID_EXTENSION, mapExtensions } from '../../../../../gateway/media/relay/extension-map.ts';

const LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';

test('extensions that speak of the media get the other leg’s id, all others stay behind', () => {
  const from = [
    { id: 1, uri: LEVEL },
    { id: 2, uri: MID_EXTENSION },
    { id: 3, uri: TIME },
  ];
  const to = [
    { id: 9, uri: LEVEL },
    { id: 2, uri: MID_EXTENSION },
    { id: 3, uri: TIME },
  ];
  const ids = mapExtensions(from, to)!;
  expect([ids[1], ids[2], ids[3]]).toEqual([9, 0, 0]);
  expect(mapExtensions(from, [])).toBeUndefined();
  expect(mapExtensions([], to)).toBeUndefined();
});
