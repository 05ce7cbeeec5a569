import { describe, expect, test } from '@jest/globals';
import { NOTHING } from '../../../sim/sip/scenes.ts';
import { acceptAll, Network, optionsAt } from '../../../sim/sip/sip-network.ts';
import { requestText, type Wanted } from './requests.ts';

const US = '192.0.2.2';
const THEM = '192.0.2.1';

function setting() {
  const network = new Network();
  const node = network.add(US, optionsAt(US), acceptAll);
  const say = (wanted: Wanted, from = THEM) => network.inject(from, US, requestText(wanted));
  const statuses = () => network.seen.map((seen) => seen.text.slice(8, 11));
  return { network, node, say, statuses };
}

describe('requests on their way in', () => {
  test('that are refused leave no state, and the same answer each time', () => {
    const { network, node, say } = setting();
    say({ method: 'DANCE' });
    say({ method: 'DANCE' });
    expect(network.seen[1]?.text).toBe(network.seen[0]?.text);
    expect(node.counts()).toEqual(NOTHING);
  });

  test('that come again are answered from their transaction, and told of once', () => {
    const { node, say, statuses } = setting();
    say({});
    say({});
    expect(statuses()).toEqual(['100', '100']);
    expect(node.eventsOf('incoming-invite')).toHaveLength(1);
  });

  test('that come on two ways are merged with 482 (§8.2.2.2)', () => {
    const { say, statuses } = setting();
    say({});
    say({ branch: 'z9hG4bKother' });
    expect(statuses()).toEqual(['100', '482']);
  });

  test('that cancel nothing, or come from elsewhere than the INVITE, meet 481', () => {
    const { node, say, statuses } = setting();
    say({ method: 'CANCEL' });
    say({});
    say({ method: 'CANCEL' }, '203.0.113.66');
    expect(statuses()).toEqual(['481', '100', '481']);
    expect(node.eventsOf('ended')).toHaveLength(0);
    say({ method: 'CANCEL' });
    expect(statuses().slice(3)).toEqual(['200', '487']);
    expect(node.eventsOf('ended')[0]?.cause.type).toBe('cancelled');
  });

  test('that are stray ACKs are ignored', () => {
    const { say, statuses } = setting();
    say({ method: 'ACK' });
    say({ method: 'ACK', to: '<sip:bob@192.0.2.2>;tag=nobody' });
    expect(statuses()).toEqual([]);
  });

  test('that ask what we can do make no state, and so take nobody’s place', () => {
    const { network, node, say } = setting();
    for (let n = 0; n < 10; n += 1) say({ method: 'OPTIONS', branch: `z9hG4bK${n}` });
    say({ method: 'OPTIONS', branch: 'z9hG4bK9' });
    expect(network.seen).toHaveLength(11);
    expect(network.seen[10]?.text).toBe(network.seen[9]?.text);
    expect(node.counts()).toEqual(NOTHING);
  });

  test('that are OPTIONS are answered with what we can do', () => {
    const { network, say } = setting();
    say({ method: 'OPTIONS' });
    expect(network.seen[0]?.text).toMatch(/^SIP\/2\.0 200 OK\r\n[\s\S]*\r\nAllow: INVITE, ACK/);
  });

  test('beyond the limit on calls meet 503', () => {
    const network = new Network();
    const node = network.add(US, optionsAt(US, { maxLegs: 1 }), acceptAll);
    network.inject(THEM, US, requestText({}));
    network.inject(THEM, US, requestText({ cseq: 2, branch: 'z9hG4bKtwo' }));
    expect(network.seen.at(-1)?.text).toMatch(/^SIP\/2\.0 503 /);
    expect(node.counts().legs).toBe(1);
  });
});
