import { expect, test } from '@jest/globals';
import { SipEnvironment } from '../../../../gateway/sip/environment.ts';
import { mergeKeyOf, serverKeyOf } from '../../../../gateway/sip/transaction-key.ts';
import { TransactionLayer } from '../../../../gateway/sip/transaction-layer.ts';
import { acceptAll, optionsAt } from '../../../sim/sip/sip-network.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';
import { request, response } from './requests.ts';

const hop = { transport: 'udp', interfaceName: 'main', address: '192.0.2.1', port: 5060 } as const;

function setting() {
  const environment = new SipEnvironment(optionsAt('192.0.2.2'), acceptAll, new SeededRandom(1));
  const ended: string[] = [];
  const layer = new TransactionLayer(environment, {
    clientAnswered: () => {},
    clientFailed: () => {},
    clientEnded: () => {},
    serverFailed: (record, reason) => ended.push(`${record.method} ${reason}`),
    serverEnded: (record) => ended.push(record.method),
  });
  return { environment, layer, ended };
}

test('a server transaction knows its merge key while it lives, and forgets it with itself', () => {
  const { environment, layer, ended } = setting();
  const invite = request();
  const key = serverKeyOf(invite);
  layer.startServer(invite, key, hop, mergeKeyOf(invite));
  expect(layer.mergedWith(mergeKeyOf(invite))).toBe(key);
  layer.respond(key, 486, 'wire');
  environment.now = 40_000;
  layer.timeout(key);
  expect([layer.size, layer.mergedWith(mergeKeyOf(invite)), environment.deadlines.size]).toEqual([
    0,
    undefined,
    0,
  ]);
  expect(ended).toEqual(['INVITE time-out', 'INVITE']);
});

test('a response to nothing of ours is nobody\u2019s, and no answer can be given twice', () => {
  const { layer } = setting();
  expect(layer.receiveResponse(response(200))).toBe(false);
  expect(layer.respond('nobody', 200, 'wire')).toBe(false);
});
