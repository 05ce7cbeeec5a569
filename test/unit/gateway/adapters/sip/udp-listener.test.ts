import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { UdpListener } from '../../../../../gateway/adapters/sip/udp-listener.ts';
import type { Flow } from '../../../../../gateway/sip/endpoint-contract.ts';

const choice = { name: 'main', transport: 'udp', bindAddress: '127.0.0.1', port: 0 } as const;

test('a datagram comes with its source as a flow, crumbs do not, and the answer goes back', async () => {
  const received = Promise.withResolvers<{ flow: Flow; text: string }>();
  const listener = new UdpListener(choice, {
    received: (flow, bytes) => received.resolve({ flow, text: Buffer.from(bytes).toString() }),
    failed: () => {},
  });
  await listener.open();
  const peer = createSocket('udp4');
  peer.send('\r\n\r\n', listener.port, '127.0.0.1');
  peer.send('OPTIONS sip:a SIP/2.0', listener.port, '127.0.0.1');
  const { flow, text } = await received.promise;
  expect(text).toBe('OPTIONS sip:a SIP/2.0');
  expect(flow).toMatchObject({ interfaceName: 'main', remotePort: peer.address().port });
  listener.send(Buffer.from('answer'), flow.remoteAddress, flow.remotePort, () => {});
  const [answer] = (await once(peer, 'message')) as [Buffer];
  expect(answer.toString()).toBe('answer');
  peer.close();
  listener.close();
  listener.close();
});

test('a port that is taken rejects, and an impossible one fails its message only', async () => {
  const ports = { received: () => {}, failed: () => {} };
  const first = new UdpListener(choice, ports);
  await first.open();
  const second = new UdpListener({ ...choice, port: first.port }, ports);
  await expect(second.open()).rejects.toThrow('EADDRINUSE');
  const failure = Promise.withResolvers<Error>();
  first.send(Buffer.from('x'), '127.0.0.1', 0, failure.resolve);
  expect((await failure.promise).message).toBeTruthy();
  first.close();
});
