import { expect, test } from '@jest/globals';
import { mediaEvent } from '../../../../gateway/janus/media-events.ts';

test('seconds are told only of media that stopped for longer than one', () => {
  const stopped = (seconds: number, receiving: boolean) =>
    mediaEvent(1, 2, { type: 'receiving', mid: '0', kind: 'audio', receiving, seconds }).seconds;
  expect([stopped(1, false), stopped(2, false), stopped(2, true)]).toEqual([
    undefined,
    2,
    undefined,
  ]);
});

test('every event names its session and handle', () => {
  expect(mediaEvent(1, 2, { type: 'connected' })).toEqual({
    janus: 'webrtcup',
    session_id: 1,
    sender: 2,
  });
});
