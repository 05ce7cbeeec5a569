/** Whole calls between two endpoints over a simulated network. */
import { describe, expect, test } from '@jest/globals';
import { textBody } from '../../../gateway/wire/sip/message.ts';
import { Network, type NetworkOptions, type Node } from './network.ts';

const OFFER = textBody('application/sdp', 'v=0\r\no=offer\r\n');
const ANSWER = textBody('application/sdp', 'v=0\r\no=answer\r\n');

export function pair(options: NetworkOptions = {}): { network: Network; alice: Node; bob: Node } {
  const network = new Network(options);
  return { network, alice: network.add('192.0.2.1'), bob: network.add('192.0.2.2') };
}

export function invite(network: Network, alice: Node, uri = 'sip:bob@192.0.2.2'): void {
  network.command(alice, {
    type: 'invite',
    leg: 'out',
    requestUri: uri,
    from: '"Alice" <sip:alice@192.0.2.1>',
    to: uri,
    body: OFFER,
  });
}

/** Bob rings after `ring` and answers after `pickUp` milliseconds. */
export function answerAfter(network: Network, bob: Node, ring: number, pickUp: number): void {
  bob.onEvent = (event) => {
    if (event.type !== 'incoming-invite') return;
    const { request } = event;
    network.at(ring, () => network.command(bob, { type: 'respond', request, status: 180 }));
    network.at(pickUp, () =>
      network.command(bob, { type: 'respond', request, status: 200, body: ANSWER }),
    );
  };
}

export const NOTHING = {
  transactions: 0,
  dialogs: 0,
  timers: 0,
  legs: 0,
  requests: 0,
  registrations: 0,
  bindings: 0,
};

describe('a call over a perfect network', () => {
  for (const transport of ['udp', 'tcp']) {
    test(`is INVITE, 100, 180, 200, ACK, BYE, 200 over ${transport}, and leaves nothing`, () => {
      const { network, alice, bob } = pair();
      answerAfter(network, bob, 100, 1000);
      alice.onEvent = (event) => {
        if (event.type !== 'answered') return;
        network.at(5000, () => network.command(alice, { type: 'bye', leg: 'out' }));
      };
      const uri = `sip:bob@192.0.2.2;transport=${transport}`;
      invite(network, alice, uri);
      network.run();
      expect(network.seen.map((seen) => seen.text.slice(0, 11).replace(/ sip.*/, ''))).toEqual([
        'INVITE',
        'SIP/2.0 100',
        'SIP/2.0 180',
        'SIP/2.0 200',
        'ACK',
        'BYE',
        'SIP/2.0 200',
      ]);
      expect(alice.events.map((event) => event.type)).toEqual([
        'provisional',
        'provisional',
        'answered',
        'ended',
      ]);
      expect(bob.events.map((event) => event.type)).toEqual([
        'incoming-invite',
        'acknowledged',
        'ended',
      ]);
      expect(alice.counts()).toEqual(NOTHING);
      expect(bob.counts()).toEqual(NOTHING);
    });
  }
});
