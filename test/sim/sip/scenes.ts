/** What the simulated SIP scenes share: two endpoints, an INVITE, a callee that answers. */

import type { InviteCommand } from '../../../gateway/sip/endpoint-contract.ts';
import { textBody } from '../../../gateway/wire/sip/message.ts';
import { Network, type NetworkOptions, type Node } from './sip-network.ts';

export const OFFER = textBody('application/sdp', 'v=0\r\no=offer\r\n');
export const ANSWER = textBody('application/sdp', 'v=0\r\no=answer\r\n');

export const ALICE = '192.0.2.1';
export const BOB = '192.0.2.2';

export interface Pair {
  readonly network: Network;
  readonly alice: Node;
  readonly bob: Node;
}

export function pair(options: NetworkOptions = {}): Pair {
  const network = new Network(options);
  return { network, alice: network.add(ALICE), bob: network.add(BOB) };
}

/** Alice's INVITE to Bob as leg `out`. */
export function invite({ network, alice }: Pair, more: Partial<InviteCommand> = {}): void {
  network.command(alice, {
    type: 'invite',
    leg: 'out',
    requestUri: `sip:bob@${BOB}`,
    from: `"Alice" <sip:alice@${ALICE}>`,
    to: `sip:bob@${BOB}`,
    body: OFFER,
    ...more,
  });
}

/** Bob rings after `ring` and answers after `pickUp` milliseconds. */
export function answerAfter({ network, bob }: Pair, ring: number, pickUp: number): void {
  bob.onEvent = (event) => {
    if (event.type !== 'incoming-invite') return;
    const { request } = event;
    network.at(ring, () => network.command(bob, { type: 'respond', request, status: 180 }));
    network.at(pickUp, () =>
      network.command(bob, { type: 'respond', request, status: 200, body: ANSWER }),
    );
  };
}

/** Alice hangs up that long after the answer. */
export function hangUpAfter({ network, alice }: Pair, delay: number): void {
  alice.onEvent = (event) => {
    if (event.type !== 'answered') return;
    network.at(delay, () => network.command(alice, { type: 'bye', leg: 'out' }));
  };
}

/** `INVITE`, `200 INVITE`, … of everything that went on the wire. */
export function wire({ network }: Pair): string[] {
  return network.seen.map((seen) => {
    const [first = ''] = seen.text.split('\r\n', 1);
    if (!first.startsWith('SIP/2.0')) return first.slice(0, first.indexOf(' '));
    const method = /\r\nCSeq: \d+ (\w+)/.exec(seen.text)?.[1];
    return `${first.slice(8, 11)} ${method}`;
  });
}

export function count(lines: readonly string[], wanted: string): number {
  return lines.filter((line) => line === wanted).length;
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
