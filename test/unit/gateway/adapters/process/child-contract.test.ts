/** What a supervisor takes from the channel of a process that may have gone mad. */
import { describe, expect, test } from '@jest/globals';
import { parseChildMessage } from '../../../../../gateway/adapters/process/child-contract.ts';

describe('messages of a supervised process', () => {
  test.each([
    [{ type: 'heartbeat' }, { type: 'heartbeat' }],
    [{ type: 'ready' }, { type: 'ready' }],
    [
      { type: 'ready', page: 'http://127.0.0.1/' },
      { type: 'ready', page: 'http://127.0.0.1/' },
    ],
    [{ type: 'ready', page: 7 }, { type: 'ready' }],
    [{ type: 'heartbeat', more: 1 }, { type: 'heartbeat' }],
  ])('%j is taken as %j', (value, message) => {
    expect(parseChildMessage(value)).toEqual(message);
  });

  test.each([[null], [undefined], ['ready'], [7], [{}], [{ type: 'other' }], [[]]])(
    '%j is nothing',
    (value) => {
      expect(parseChildMessage(value)).toBeUndefined();
    },
  );
});
