import { expect, test } from '@jest/globals';
import { causeOfEnding } from '../../../../../gateway/janus/plugins/plugin.ts';

test.each([
  ['hangup', 'normal'],
  ['detached', 'normal'],
  ['session-destroyed', 'client-closed'],
  ['session-lost', 'client-timeout'],
] as const)('a handle that ends by %s ends its call as %s', (ending, name) => {
  expect(causeOfEnding(ending)).toEqual({ name });
});
