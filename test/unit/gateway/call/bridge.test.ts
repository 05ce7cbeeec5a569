/** What media is told: who hears whom, and what to keep for a restart. */
import { describe, expect, test } from '@jest/globals';
import { answeredCall } from '../../../support/call/call-bench.ts';
import { phoneSdp } from '../../../support/call/peer-description.ts';

describe('the bridge', () => {
  test('bridges the legs when the phone answers', () => {
    const bench = answeredCall();
    expect(bench.media.hears('caller')).toBe(bench.callee());
    expect(bench.media.hears(bench.callee())).toBe('caller');
    const { configuration } = bench.media.legs.get(bench.callee())!;
    expect(configuration?.remote).toMatchObject({ address: '127.0.0.1', rtpPort: 40_000 });
  });

  test('is left with media when the call is answered and whenever a dialog changes', () => {
    const bench = answeredCall();
    const left = () => bench.outputs.filter(({ type }) => type === 'recovery').length;
    expect(left()).toBe(1);
    bench.tell(bench.callee(), { type: 'reoffered', sdp: phoneSdp({ version: 2 }) });
    expect(left()).toBe(2);
  });
});
