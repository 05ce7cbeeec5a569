/** Causeway as a relay under test (placeholder until the product runs). */
import type { RelayUnderTest } from './relay-under-test.ts';
export interface CausewayOptions {
  readonly firstPort: number;
  readonly mediaPorts: readonly [number, number];
}
export function causeway(_: CausewayOptions): RelayUnderTest {
  return {
    name: 'causeway',
    command: [],
    version: () => '',
    start: () => Promise.reject(new Error('not yet')),
  };
}
