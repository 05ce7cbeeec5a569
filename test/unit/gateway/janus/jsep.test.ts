import { describe, expect, test } from '@jest/globals';
import { jsepObject, readJsep, readTrickle } from '../../../../gateway/janus/jsep.ts';

describe('a session description', () => {
  test('is an offer or an answer in any case, with its text', () => {
    expect(readJsep({ type: 'OFFER', sdp: 'v=0', trickle: true })).toEqual({
      ok: true,
      value: { type: 'offer', sdp: 'v=0' },
    });
  });

  test.each([
    [{ type: 'pranswer', sdp: 'v=0' }, 'jsep.type'],
    [{ type: 'offer' }, 'field.missing'],
    [{ type: 'offer', sdp: 5 }, 'field.wrong_type'],
  ])('%j is refused as %s', (object, code) => {
    expect(readJsep(object)).toMatchObject({ ok: false, fault: { code } });
  });

  test('that is absent stands nowhere', () => {
    expect(jsepObject(undefined)).toBeUndefined();
    expect(jsepObject({ type: 'answer', sdp: 'v=0' })).toEqual({ type: 'answer', sdp: 'v=0' });
  });
});

describe('trickled candidates', () => {
  test('may come several at once, with their end', () => {
    const candidates = [
      { candidate: 'candidate:1', sdpMid: 'audio' },
      { candidate: 'candidate:2', sdpMLineIndex: 0 },
      { completed: true },
    ];
    expect(readTrickle({ candidates })).toEqual({
      ok: true,
      value: { candidates: ['candidate:1', 'candidate:2'], completed: true },
    });
  });

  test('are read no further than a limit', () => {
    const candidates = Array.from({ length: 500 }, () => ({ candidate: 'c', sdpMid: '0' }));
    const read = readTrickle({ candidates });
    expect(read.ok && read.value.candidates).toHaveLength(100);
  });
});
