import { expect, test } from '@jest/globals';
import type { Verdict } from '../../../../gateway/sip/endpoint-contract.ts';
import { acceptAll, Network, optionsAt } from '../../../sim/sip/sip-network.ts';
import { requestText } from './requests.ts';

function answerTo(verdict: Verdict): string | undefined {
  const network = new Network();
  network.add('192.0.2.2', optionsAt('192.0.2.2'), { ...acceptAll, authorise: () => verdict });
  network.inject('192.0.2.1', '192.0.2.2', requestText());
  return network.seen[0]?.text;
}

test('a verdict becomes a call, a challenge, a refusal or silence', () => {
  const identity = { kind: 'trunk', name: 't' } as const;
  expect(answerTo({ type: 'accept', identity })).toMatch(/^SIP\/2\.0 100 /);
  expect(answerTo({ type: 'challenge', realm: 'r' })).toMatch(
    /^SIP\/2\.0 401 [\s\S]*WWW-Authenticate: Digest realm="r"/,
  );
  expect(answerTo({ type: 'challenge', realm: 'r', proxy: true })).toMatch(
    /^SIP\/2\.0 407 [\s\S]*Proxy-Authenticate: Digest realm="r"/,
  );
  expect(answerTo({ type: 'reject', status: 403, reason: 'No' })).toMatch(/^SIP\/2\.0 403 No\r\n/);
  expect(answerTo({ type: 'drop' })).toBeUndefined();
});
