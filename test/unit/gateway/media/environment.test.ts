import { expect, test } from '@jest/globals';
import { sendCopy } from '../../../../gateway/media/environment.ts';
import { SimulatedNetwork } from '../../../sim/media/support/simulated-network.ts';
import { SimulatedPacketIo } from '../../../sim/media/support/simulated-packet-io.ts';

test('a copy is queued in a transmit slot of its own', () => {
  const network = new SimulatedNetwork(1);
  const packetIo = new SimulatedPacketIo(network, () => 0);
  const { handle: socket } = packetIo.openSocket({ address: '198.51.100.1', port: 1000 });
  const path = packetIo.openPath({ socket, remoteAddress: '203.0.113.1', remotePort: 7 });
  const bytes = Uint8Array.of(1, 2, 3);
  sendCopy(packetIo, path, bytes);
  sendCopy(packetIo, path, Uint8Array.of(4));
  bytes.fill(9);
  packetIo.flush();
  expect(network.sent.map((datagram) => [...datagram.bytes])).toEqual([[1, 2, 3], [4]]);
});
