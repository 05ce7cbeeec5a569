import { describe, expect, test } from '@jest/globals';
import { ReplyMemory } from '../../../../../gateway/adapters/media-link/reply-memory.ts';
import { MOST_KEPT_REPLIES } from '../../../../../gateway/media/limits.ts';

const done = { op: 'done' } as const;

describe('the memory of replies', () => {
  test('answers a repeated command without doing it again', () => {
    const memory = new ReplyMemory();
    let executed = 0;
    const execute = () => {
      executed += 1;
      return done;
    };
    expect(memory.replyTo('1', execute)).toBe(memory.replyTo('1', execute));
    memory.replyTo('2', execute);
    expect(executed).toBe(2);
  });

  test('forgets the oldest beyond its limit', () => {
    const memory = new ReplyMemory();
    for (let i = 0; i <= MOST_KEPT_REPLIES; i += 1) memory.replyTo(`${i}`, () => done);
    let executed = 0;
    memory.replyTo('1', () => done);
    memory.replyTo('0', () => {
      executed += 1;
      return done;
    });
    expect(executed).toBe(1);
  });
});
