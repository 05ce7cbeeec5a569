import { describe, expect, test } from '@jest/globals';
import { EventJournal } from '../../../../../gateway/adapters/media-link/event-journal.ts';
import { MOST_KEPT_EVENTS } from '../../../../../gateway/media/limits.ts';

const event = (leg: string) => ({ type: 'leg-connected', leg }) as const;

describe('the journal of events', () => {
  test('numbers events without gaps and keeps them until they are acknowledged', () => {
    const journal = new EventJournal();
    for (const leg of ['a', 'b', 'c']) journal.append(event(leg));
    journal.acknowledge(2);
    expect(journal.kept).toEqual([{ frame: 'event', sequence: 3, event: event('c') }]);
    journal.acknowledge(3);
    journal.acknowledge(99);
    expect(journal.kept).toEqual([]);
    expect(journal.append(event('d')).sequence).toBe(4);
  });

  test('gives up the oldest beyond its limit, and counts them', () => {
    const journal = new EventJournal();
    for (let i = 0; i < MOST_KEPT_EVENTS + 5; i += 1) journal.append(event('a'));
    expect(journal.kept).toHaveLength(MOST_KEPT_EVENTS);
    expect(journal.kept[0]!.sequence).toBe(6);
    expect(journal.givenUp).toBe(5);
  });
});
