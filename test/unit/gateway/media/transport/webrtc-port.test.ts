import { describe, expect, test } from '@jest/globals';
import { silentLog } from '../../../../../gateway/core/log.ts';
import { PacketLoop } from '../../../../../gateway/media/packet-loop.ts';
import { Refusals } from '../../../../../gateway/media/refusals.ts';
import { type WebRtcPeer, WebRtcPort } from '../../../../../gateway/media/transport/webrtc-port.ts';
import { udpAddress } from '../../../../../gateway/media/udp-address.ts';
import { writeRtpHeader } from '../../../../../gateway/wire/rtp/header.ts';
import { buildBindingRequest } from '../../../../../gateway/wire/stun/build.ts';
import { fabricate } from '../../../../sim/media/support/fabricated-datagram.ts';
import { SimulatedNetwork } from '../../../../sim/media/support/simulated-network.ts';
import { SimulatedPacketIo } from '../../../../sim/media/support/simulated-packet-io.ts';

function port() {
  const packetIo = new SimulatedPacketIo(new SimulatedNetwork(1), () => 0);
  const loop = new PacketLoop(packetIo, silentLog);
  const refusals = new Refusals();
  const webrtc = new WebRtcPort(packetIo, loop, refusals);
  const give = (bytes: Uint8Array, remotePort = 5000) =>
    webrtc.receive(fabricate({ from: '203.0.113.1', port: remotePort, bytes }), 0, loop);
  return { webrtc, give, refusals, packetIo, loop };
}

function peer() {
  const heard: string[] = [];
  const unit = { fail: () => {} };
  const made: WebRtcPeer = {
    unit,
    fetchAhead: () => 0,
    handleStun: (message) => heard.push(`stun ${message.class}`),
    receive: (_datagram, kind, isConfirmed) => heard.push(`${kind} ${isConfirmed}`),
    receiveRoaming: (_datagram, kind) => heard.push(`roaming ${kind}`),
  };
  return { made, heard };
}

function rtp(ssrc: number): Uint8Array {
  const bytes = new Uint8Array(20);
  writeRtpHeader(bytes, 0, false, 111, 1, 1, ssrc);
  return bytes;
}

const request = buildBindingRequest({
  transactionId: new Uint8Array(12),
  username: 'm0abc:their',
  key: 'password',
  priority: 1,
  role: 'controlling',
  tieBreaker: 1n,
  useCandidate: false,
});

describe('the WebRTC port', () => {
  test('binds one port on each address once', () => {
    const { webrtc, packetIo } = port();
    webrtc.bind('198.51.100.1', 10_000);
    webrtc.bind('198.51.100.2', 10_000);
    webrtc.bind('198.51.100.1', 10_000);
    expect([...webrtc.sockets.keys()]).toEqual(['198.51.100.1', '198.51.100.2']);
    webrtc.close();
    expect(packetIo.openSockets).toBe(0);
  });

  test('brings a check to whom its USERNAME names, and to nobody else', () => {
    const { webrtc, give, refusals, loop } = port();
    const { made, heard } = peer();
    give(request);
    webrtc.addUser('m0abc', made);
    give(request);
    expect(heard).toEqual(['stun request']);
    expect(loop.unit).toBe(made.unit);
    webrtc.removeUser('m0abc');
    give(request);
    expect(refusals.toRecord()).toEqual({ 'stun.unknown_user': 2 });
  });

  test('brings everything else to whose address it comes from, saying how that is known', () => {
    const { webrtc, give } = port();
    const { made, heard } = peer();
    webrtc.addAddress(1, udpAddress('203.0.113.1', 5000)!, made, true);
    webrtc.addAddress(1, udpAddress('203.0.113.1', 5001)!, made, false);
    give(rtp(1));
    give(Uint8Array.of(22, 0, 0), 5001);
    expect(heard).toEqual(['rtp true', 'dtls false']);
  });

  test('asks the owner of an SSRC when media comes from elsewhere', () => {
    const { webrtc, give, refusals } = port();
    const { made, heard } = peer();
    webrtc.addSsrc(0xfedcba98, made);
    give(rtp(0xfedcba98));
    give(rtp(7));
    expect(heard).toEqual(['roaming rtp']);
    webrtc.removeSsrc(0xfedcba98, peer().made);
    webrtc.removeSsrc(0xfedcba98, made);
    give(rtp(0xfedcba98));
    expect(refusals.toRecord()).toEqual({ 'stranger.media': 2 });
  });

  test('drops what is nobody’s and remembers nothing of it', () => {
    const { webrtc, give, refusals } = port();
    give(Uint8Array.of(22, 254, 253));
    give(Uint8Array.of(0xff, 0xff));
    give(Uint8Array.of(0, 1, 0, 0));
    give(Uint8Array.of(0x80, 0));
    expect(Object.keys(refusals.toRecord()).sort()).toEqual([
      'stranger.dtls',
      'stranger.rtp',
      'stranger.unknown',
      'stun.malformed',
    ]);
    expect(webrtc.remembered).toBe(0);
  });

  test('keeps an address that another peer has taken over', () => {
    const { webrtc, give } = port();
    const [before, after] = [peer(), peer()];
    const address = udpAddress('203.0.113.1', 5000)!;
    webrtc.addAddress(1, address, before.made, true);
    webrtc.addAddress(1, address, after.made, true);
    webrtc.removeAddress(1, address, before.made);
    give(rtp(1));
    expect(after.heard).toEqual(['rtp true']);
  });
});
