/** What the person at the phone is told when something goes wrong, and when nothing did. */
import { describe, expect, test } from '@jest/globals';
import {
  callEnding,
  mediaEnding,
  microphoneProblem,
  requestProblem,
} from '../../../../admin-ui/phone/plain-words.ts';

function named(name: string): Error {
  return Object.assign(new Error(), { name });
}

describe('a microphone that cannot be had', () => {
  test('is a matter of HTTPS on a page without it, whatever the browser says', () => {
    expect(microphoneProblem(named('NotAllowedError'), false)).toContain('https://');
  });

  test.each([
    ['NotAllowedError', 'Allow it'],
    ['NotFoundError', 'Plug one in'],
    ['NotReadableError', 'in use by another program'],
    ['AbortError', 'could not be opened'],
  ])('for %s is told with what can be done', (name, words) => {
    expect(microphoneProblem(named(name), true)).toContain(words);
  });

  test('for a reason that is no error is told all the same', () => {
    expect(microphoneProblem('no', true)).toBe('The microphone could not be opened.');
  });
});

describe('the end of a call', () => {
  test('needs no explanation where it was an ordinary one', () => {
    expect(callEnding(200, 'Normal')).toBeUndefined();
    expect(mediaEnding('Close PC')).toBeUndefined();
  });

  test.each([
    [404, 'Nobody has this address.'],
    [486, 'The line is busy.'],
    [603, 'They declined the call.'],
  ])('with status %i is told in words', (status, words) => {
    expect(callEnding(status, 'Whatever')).toBe(words);
  });

  test('with any other status keeps its reason and its number', () => {
    expect(callEnding(420, 'Bad Extension')).toBe('The call failed: Bad Extension (420).');
  });

  test('by its media names what an administrator can look for', () => {
    expect(mediaEnding('ICE failed')).toContain('UDP port');
  });
});

describe('a request that is refused', () => {
  test('is told in words where they help, else in those of the gateway', () => {
    expect(requestProblem(446, 'Not a SIP address (x)')).toContain('sip:name@example.org');
    expect(requestProblem(447, 'Register first')).toBe('Register first');
  });
});
