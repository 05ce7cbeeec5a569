/** Codecs offered and answered: no transcoding where it can be avoided, and policy above all. */
import { describe, expect, test } from '@jest/globals';
import {
  answeredCodecs,
  audioCodecNames,
  firstAudio,
  offeredCodecs,
} from '../../../../gateway/call/codec-policy.ts';
import { parseRemoteDescription } from '../../../../gateway/offer-answer/remote-description.ts';
import { phoneSdp, recorded } from '../../../support/call/peer-description.ts';

function namesOf(codecs: readonly { readonly name: string; readonly clockRate: number }[]) {
  return codecs.map(({ name, clockRate }) =>
    name === 'telephone-event' ? `event/${clockRate}` : name,
  );
}

describe('codecs offered to a callee', () => {
  test.each([
    [
      ['opus', 'pcmu'],
      ['opus', 'pcmu', 'pcma'],
      ['opus', 'pcmu', 'pcma'],
    ],
    [['pcma'], ['opus', 'pcmu', 'pcma'], ['pcma', 'opus', 'pcmu']],
    [
      ['opus', 'g722'],
      ['g722', 'pcmu'],
      ['g722', 'pcmu'],
    ],
    [['opus'], ['g722', 'pcmu'], ['pcmu']],
    [['speex'], ['pcmu'], ['pcmu']],
    [undefined, ['pcmu', 'pcma'], ['pcmu', 'pcma']],
  ])('by a caller of %j under the policy %j are %j', (caller, policy, offered) => {
    const names = namesOf(offeredCodecs(caller, policy));
    expect(names.filter((name) => !name.startsWith('event'))).toEqual(offered);
  });

  test('come with events at each of their clocks', () => {
    expect(namesOf(offeredCodecs(undefined, ['pcmu']))).toEqual(['pcmu', 'event/8000']);
    expect(namesOf(offeredCodecs(undefined, ['opus', 'pcmu']))).toEqual([
      'opus',
      'pcmu',
      'event/8000',
      'event/48000',
    ]);
  });
});

describe('codecs answered to a caller', () => {
  const all = ['opus', 'g722', 'pcmu', 'pcma'];
  test.each([
    [['opus', 'pcmu', 'pcma'], all, ['pcmu'], ['pcmu', 'opus', 'pcma']],
    [['opus', 'pcmu'], all, [], ['opus', 'pcmu']],
    [['opus', 'pcmu'], ['pcmu'], ['opus'], ['pcmu']],
    [['pcmu'], all, ['opus'], ['pcmu']],
  ])('offering %j under %j with a far leg of %j are %j', (caller, policy, far, answered) => {
    const names = namesOf(answeredCodecs(caller, policy, far));
    expect(names.filter((name) => !name.startsWith('event'))).toEqual(answered);
  });
});

describe('an offer', () => {
  test('of a browser holds these codecs that we carry', () => {
    const parsed = parseRemoteDescription(recorded('chromium-audio-offer'));
    expect(parsed.ok && audioCodecNames(parsed.value)).toEqual(['opus', 'g722', 'pcmu', 'pcma']);
  });

  test('without audio holds none', () => {
    const parsed = parseRemoteDescription(phoneSdp().replace('m=audio', 'm=video'));
    expect(parsed.ok && audioCodecNames(parsed.value)).toEqual([]);
    expect(parsed.ok && firstAudio(parsed.value)).toBeUndefined();
  });
});
