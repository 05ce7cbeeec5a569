import { expect, test } from '@jest/globals';
import { SipEnvironment } from '../../../../gateway/sip/environment.ts';
import { acceptAll, optionsAt } from '../../../sim/sip/sip-network.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

test('outputs come out in order, a sent message with its trace and the leg it belongs to', () => {
  const environment = new SipEnvironment(optionsAt('192.0.2.1'), acceptAll, new SeededRandom(1));
  environment.legOfCall = (callId) => `leg of ${callId}`;
  const hop = { transport: 'udp', interfaceName: 'm', address: '192.0.2.9', port: 5060 } as const;
  environment.send(hop, 'ÿ', 'transaction', { callId: 'c', summary: 'BYE' });
  expect(environment.poll()).toMatchObject({ type: 'send', hop, bytes: Buffer.from([0xff]) });
  expect(environment.poll()).toMatchObject({
    type: 'trace',
    record: { direction: 'out', leg: 'leg of c', summary: 'BYE', remoteAddress: '192.0.2.9' },
  });
  expect(environment.poll()).toBeUndefined();
});

test('branches have the cookie, and no two ids are alike', () => {
  const environment = new SipEnvironment(optionsAt('192.0.2.1'), acceptAll, new SeededRandom(1));
  expect(environment.newBranch()).toMatch(/^z9hG4bK[0-9a-f]{20}$/);
  const ids = Array.from({ length: 1000 }, () => environment.newTag());
  expect(new Set(ids).size).toBe(1000);
  expect(environment.newCallId()).toMatch(/^[0-9a-f]{24}$/);
});
