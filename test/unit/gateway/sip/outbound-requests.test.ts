import { describe, expect, test } from '@jest/globals';
import type { Flow, SipCommand, SipOutput } from '../../../../gateway/sip/endpoint-contract.ts';
import { NOTHING, OFFER } from '../../../sim/sip/scenes.ts';
import { acceptAll, Network, type Node, optionsAt } from '../../../sim/sip/sip-network.ts';

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

describe('an INVITE that its caller has given up', () => {
  const CHALLENGE = 'Proxy-Authenticate: Digest realm="r", nonce="n", qop="auth"';

  function calling(requestUri: string) {
    const node = new Network().add('192.0.2.1', optionsAt('192.0.2.1'), {
      ...acceptAll,
      accountCredentials: () => ({ username: 'u', password: 'p' }),
    });
    const drained = (): SipOutput[] => {
      const outputs: SipOutput[] = [];
      for (let output = node.endpoint.poll(); output; output = node.endpoint.poll()) {
        outputs.push(output);
      }
      return outputs;
    };
    const sent = () => drained().flatMap((output) => (output.type === 'send' ? [output] : []));
    const command = (given: SipCommand) =>
      node.endpoint.handle({ type: 'command', command: given }, 0);
    command({
      type: 'invite',
      leg: 'out',
      requestUri,
      from: 'sip:alice@192.0.2.1',
      to: requestUri,
      body: OFFER,
      account: 'a',
    });
    const answer = (invite: SipOutput & { type: 'send' }, status: number, header?: string) => {
      const lines = Buffer.from(invite.bytes).toString('latin1').split('\r\n');
      const echoed = lines.filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
      const text = [
        `SIP/2.0 ${status} Whatever`,
        ...echoed.map((line) => (line.startsWith('To:') ? `${line};tag=b` : line)),
        ...(header === undefined ? [] : [header]),
        'Content-Length: 0\r\n\r\n',
      ].join('\r\n');
      node.endpoint.handle({ type: 'received', bytes: Buffer.from(text), flow: FLOW }, 20);
    };
    return { node, drained, sent, command, answer };
  }

  const FLOW: Flow = {
    key: 'udp/main/198.51.100.1/5060',
    transport: 'udp',
    interfaceName: 'main',
    localAddress: '192.0.2.1',
    localPort: 5060,
    remoteAddress: '198.51.100.1',
    remotePort: 5060,
  };

  test.each([true, false])('is not sent again with credentials (100 heard: %s)', (isHeard) => {
    const { node, sent, command, answer } = calling('sip:bob@198.51.100.1');
    const [invite] = sent();
    if (isHeard) answer(invite!, 100);
    command({ type: 'cancel', leg: 'out' });
    sent();
    answer(invite!, 407, CHALLENGE);
    expect(sent().map(({ bytes }) => methodOf(bytes))).toEqual(['ACK']);
    expect(node.counts().legs).toBe(0);
    expect(node.counts().requests).toBe(0);
  });

  test('is not tried at the next address', () => {
    const { node, drained, sent, command } = calling('sip:bob@many.example');
    const query = drained().find((output) => output.type === 'resolve')!.query;
    node.endpoint.handle({ type: 'resolved', query, addresses }, 0);
    sent();
    command({ type: 'cancel', leg: 'out' });
    node.endpoint.handleTimeout(64 * 500);
    expect(sent()).toEqual([]);
    expect(node.counts()).toEqual(NOTHING);
  });
});

function methodOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').split(' ', 1)[0] ?? '';
}
