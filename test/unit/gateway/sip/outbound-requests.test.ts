import { describe, expect, test } from '@jest/globals';
import { NOTHING } from '../../../sim/sip/scenes.ts';
import { Network, type Node } from '../../../sim/sip/sip-network.ts';

function send(network: Network, node: Node): void {
  network.command(node, {
    type: 'send',
    exchange: 'x',
    method: 'OPTIONS',
    requestUri: 'sip:bob@many.example',
    from: 'sip:alice@192.0.2.1',
    to: 'sip:bob@many.example',
  });
}

const addresses = ['198.51.100.1', '198.51.100.2'].map((address) => ({
  transport: 'udp' as const,
  address,
  port: 5060,
}));

function resolving() {
  const network = new Network();
  const node = network.add('192.0.2.1');
  send(network, node);
  const query = network.outputs.find((output) => output.type === 'resolve')!.query;
  node.endpoint.handle({ type: 'resolved', query, addresses }, 0);
  const sent = () => {
    const sends = [];
    for (let output = node.endpoint.poll(); output; output = node.endpoint.poll()) {
      if (output.type === 'send') sends.push(output);
      if (output.type === 'event') node.events.push(output.event);
    }
    return sends;
  };
  return { node, sent };
}

describe('a request to a name with several addresses (RFC 3263 §4.3)', () => {
  test('goes to the next one, with a new branch, when the first cannot be reached', () => {
    const { node, sent } = resolving();
    const [first] = sent();
    const { transaction } = first!;
    node.endpoint.handle({ type: 'send-failed', transaction, detail: 'refused' }, 10);
    const [second] = sent();
    expect([first?.hop.address, second?.hop.address]).toEqual(['198.51.100.1', '198.51.100.2']);
    expect(second?.transaction).not.toBe(transaction);
  });

  test('fails when none is left, and leaves nothing', () => {
    const { node, sent } = resolving();
    for (const _address of addresses) {
      const [attempt] = sent();
      const { transaction } = attempt!;
      node.endpoint.handle({ type: 'send-failed', transaction, detail: 'refused' }, 10);
    }
    sent();
    expect(node.eventsOf('response')[0]?.response.status).toBe(503);
    expect(node.counts()).toEqual(NOTHING);
  });
});
