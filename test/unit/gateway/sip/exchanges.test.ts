import { describe, expect, test } from '@jest/globals';
import { NOTHING } from '../../../sim/sip/scenes.ts';
import { Network } from '../../../sim/sip/sip-network.ts';

const THEM = '192.0.2.2';

function ask(method: string, isSilent = false) {
  const network = new Network();
  const node = network.add('192.0.2.1');
  const peer = network.add(THEM);
  if (isSilent) network.blackHoles.add(THEM);
  peer.onEvent = (event) => {
    if (event.type !== 'incoming-request') return;
    network.command(peer, { type: 'respond', request: event.request, status: 202 });
  };
  network.command(node, {
    type: 'send',
    exchange: 'x',
    method,
    requestUri: `sip:bob@${THEM}`,
    from: 'sip:alice@192.0.2.1',
    to: `sip:bob@${THEM}`,
  });
  network.run();
  return { network, node, peer };
}

describe('a request outside any dialog', () => {
  test('is answered by the peer, or by its application', () => {
    expect(ask('OPTIONS').node.eventsOf('response')[0]?.response.status).toBe(200);
    const { node, peer } = ask('MESSAGE');
    expect(node.eventsOf('response')[0]).toMatchObject({
      exchange: 'x',
      response: { status: 202 },
    });
    expect(peer.eventsOf('incoming-request')[0]?.identity).toEqual({ kind: 'anonymous', name: '' });
    expect(node.counts()).toEqual(NOTHING);
  });

  test('without an answer is sent eleven times and told of as 408', () => {
    const { network, node } = ask('OPTIONS', true);
    expect(network.seen).toHaveLength(11);
    expect(node.eventsOf('response')[0]?.response).toMatchObject({ status: 408, headers: [] });
  });

  test('is never an INVITE, ACK, BYE, CANCEL or REGISTER', () => {
    for (const method of ['INVITE', 'ACK', 'BYE', 'CANCEL', 'REGISTER']) {
      const { network, node } = ask(method);
      expect(node.eventsOf('refused')[0]?.fault.code).toBe('sip.method');
      expect(network.seen).toHaveLength(0);
    }
  });
});
