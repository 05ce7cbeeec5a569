import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { sourceOf, TcpTransport } from '../../../../../gateway/adapters/sip/tcp-transport.ts';
import type { Flow } from '../../../../../gateway/sip/endpoint-contract.ts';

const choice = { name: 'main', transport: 'tcp', bindAddress: '127.0.0.1', port: 0 } as const;
const MESSAGE = 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n';

test('answers go back on the connection of their flow, and nothing survives close', async () => {
  const received = Promise.withResolvers<Flow>();
  const transport = new TcpTransport({
    received: (flow) => received.resolve(flow),
    closed: () => {},
    refused: () => {},
  });
  const port = await transport.open(choice);
  const peer = connect(port, '127.0.0.1');
  peer.write(MESSAGE);
  const { key, remoteAddress, remotePort } = await received.promise;
  const hop = { transport: 'tcp', interfaceName: 'main', address: remoteAddress } as const;
  // The sent-by port is nobody's: only the flow leads back.
  expect(transport.send({ ...hop, port: 9, flow: key }, Buffer.from('one'), 't')).toBe(true);
  expect(transport.send({ ...hop, port: remotePort }, Buffer.from('two'), 't')).toBe(true);
  let text = '';
  while (text.length < 6) text += String(((await once(peer, 'data')) as [Buffer])[0]);
  expect(text).toBe('onetwo');
  expect(transport.size).toBe(1);
  await transport.close();
  expect(transport.size).toBe(0);
  peer.destroy();
});

test.each([
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['2001:db8::1', '2001:db8::2:3', true],
  ['2001:db8::1', '2001:db8:0:0:f::', true],
  ['2001:db8::1', '2001:db8:0:1::1', false],
  ['::1', '::2', true],
])('connections from %s and %s count as one source: %s', (a, b, isOne) => {
  expect(sourceOf(a) === sourceOf(b)).toBe(isOne);
});

test('connections beyond the limit are turned away', async () => {
  const first = Promise.withResolvers<Flow>();
  const refused = Promise.withResolvers<string>();
  const ports = { received: first.resolve, closed: () => {}, refused: refused.resolve };
  const transport = new TcpTransport(ports, 1);
  const port = await transport.open(choice);
  const peers = [connect(port, '127.0.0.1')];
  peers[0]!.write(MESSAGE);
  await first.promise;
  peers.push(connect(port, '127.0.0.1'));
  expect(await refused.promise).toBe('127.0.0.1');
  expect(transport.size).toBe(1);
  await transport.close();
  for (const peer of peers) peer.destroy();
});

test('an interface that it does not have takes no message', () => {
  const transport = new TcpTransport({ received: () => {}, closed: () => {}, refused: () => {} });
  const hop = { transport: 'tcp', interfaceName: 'x', address: '127.0.0.1', port: 9 } as const;
  expect(transport.send(hop, Buffer.from('x'), 't')).toBe(false);
});
