import { describe, expect, test } from '@jest/globals';
import type { RespondCommand } from '../../../../gateway/sip/endpoint-contract.ts';
import { ANSWER, NOTHING } from '../../../sim/sip/scenes.ts';
import { Network } from '../../../sim/sip/sip-network.ts';
import { requestText } from './requests.ts';

function ringing() {
  const network = new Network();
  const node = network.add('192.0.2.2');
  network.inject('192.0.2.1', '192.0.2.2', requestText());
  const { request, leg } = node.eventsOf('incoming-invite')[0]!;
  network.seen.length = 0;
  const respond = (status: number, more: Partial<RespondCommand> = {}) =>
    network.command(node, { type: 'respond', request, status, ...more });
  return { network, node, leg, respond };
}

describe('a call that comes in', () => {
  test('has one To tag in all its responses, and our Contact in those that make a dialog', () => {
    const { network, respond } = ringing();
    respond(180);
    respond(183, { body: ANSWER });
    respond(200, { body: ANSWER });
    const tags = network.seen.map((seen) => /\r\nTo: [^\r]*;tag=(\w+)/.exec(seen.text)?.[1]);
    expect(new Set(tags).size).toBe(1);
    const contact = '\r\nContact: <sip:bob@192.0.2.2:5060>\r\n';
    expect(network.seen.every((seen) => seen.text.includes(contact))).toBe(true);
  });

  test('is over for us with a final refusal, and asked about no more', () => {
    const { node, respond } = ringing();
    respond(603);
    respond(200);
    expect(node.eventsOf('ended')[0]?.cause.type).toBe('local');
    expect(node.eventsOf('refused')[0]?.fault.code).toBe('sip.unknown-request');
  });

  test('is refused with 480 when it is hung up before it was answered', () => {
    const { network, node, leg } = ringing();
    network.command(node, { type: 'bye', leg });
    expect(network.seen[0]?.text).toMatch(/^SIP\/2\.0 480 /);
    network.run();
    expect(node.counts()).toEqual(NOTHING);
  });

  test('takes no status that is none, and no header of the endpoint\u2019s own', () => {
    const { network, node, respond } = ringing();
    respond(100);
    respond(700);
    respond(180, { headers: [{ name: 'Via', value: 'x' }] });
    expect(node.eventsOf('refused').map((event) => event.fault.code)).toEqual([
      'sip.status',
      'sip.status',
      'sip.header-reserved',
    ]);
    expect(network.seen).toHaveLength(0);
  });
});
