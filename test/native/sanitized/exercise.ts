/** Drives both addons of a folder through their bindings; printed as cases, for a sanitizer. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { DtlsHandle, SrtpProfile } from '../../../gateway/native/contract.ts';
import { HEADROOM_BYTES, WORD_LENGTH, WORD_OFFSET } from '../../../gateway/native/contract.ts';
import { loadNative } from '../../../gateway/native/load.ts';
import { loadOpus } from '../../../transcoder/native/load.ts';

const folder = process.argv[2] ?? '';
const native = loadNative(join(folder, 'media.node'));
const opus = loadOpus(join(folder, 'codecs.node'));

async function relay(): Promise<void> {
  const io = native.openPacketIo();
  const { handle, port } = io.openSocket({ address: '127.0.0.1', port: 0 });
  const path = io.openPath({ socket: handle, remoteAddress: '127.0.0.1', remotePort: port });
  let rounds = 0;
  await new Promise<void>((resolve) => {
    io.start((count) => {
      rounds += count;
      if (rounds > 500) return resolve();
      io.setReadInterval(rounds % 3);
      for (let i = 0; i < count; i += 1) {
        io.send(path, io.receiveInfo[WORD_OFFSET] ?? 0, io.receiveInfo[WORD_LENGTH] ?? 1);
      }
    });
    for (let i = 0; i < 300; i += 1) io.send(path, io.allocateTransmit(), 1 + i);
    io.flush();
  });
  assert.throws(() => io.send(path, io.arena.length, 1));
  io.close();
  assert.throws(() => io.send(path, 0, 1));
}

function srtp(): void {
  const arena = native.createArena(2);
  const contexts = native.openSrtp(arena);
  const sizes: [SrtpProfile, number, number][] = [
    ['AES_CM_128_HMAC_SHA1_80', 16, 14],
    ['AES_256_CM_HMAC_SHA1_32', 32, 14],
    ['AEAD_AES_128_GCM', 16, 12],
    ['AEAD_AES_256_GCM', 32, 12],
  ];
  for (const [profile, key, salt] of sizes) {
    const keys = { masterKey: new Uint8Array(key), masterSalt: new Uint8Array(salt) };
    const sender = contexts.open({ profile, direction: 'protect', ...keys });
    const receiver = contexts.open({ profile, direction: 'unprotect', ...keys });
    for (let sequence = 0; sequence < 200; sequence += 1) {
      arena.fill(0);
      arena.set([0x80, 0, 0, sequence], HEADROOM_BYTES);
      const sealed = contexts.protectRtp(sender, HEADROOM_BYTES, 12 + sequence);
      assert.equal(contexts.unprotectRtp(receiver, HEADROOM_BYTES, sealed), 12 + sequence);
      contexts.unprotectRtcp(receiver, HEADROOM_BYTES, sequence);
    }
    contexts.close(sender);
    assert.throws(() => contexts.protectRtp(sender, 0, 12));
  }
}

function dtls(): void {
  const associations = native.openDtls();
  const identity = associations.createIdentity();
  const open = (role: 'client' | 'server') =>
    associations.open({ identity: identity.handle, role, mtu: 300 });
  const [client, server] = [open('client'), open('server')];
  const carry = (from: DtlsHandle, to: DtlsHandle): boolean => {
    const datagram = associations.takeOutgoing(from);
    if (datagram !== undefined) associations.receive(to, datagram);
    return datagram !== undefined;
  };
  while (carry(client, server) || carry(server, client)) {}
  assert.equal(associations.status(client), 'connected');
  assert.deepEqual(
    associations.exportSrtp(client).localKey,
    associations.exportSrtp(server).remoteKey,
  );
  associations.shutdown(client);
  associations.close(client);
  open('client');
}

function codec(): void {
  const encoder = opus.openEncoder(48000, 2, 'audio');
  const decoder = opus.openDecoder(8000, 1);
  const packet = new Uint8Array(400);
  const pcm = new Int16Array(960);
  for (let i = 0; i < 50; i += 1) {
    const length = opus.encode(encoder, new Int16Array(1920).fill(i * 100), packet);
    opus.decode(decoder, packet.subarray(0, length), pcm);
    opus.recover(decoder, packet.subarray(0, i), pcm, 160);
    opus.conceal(decoder, pcm, 160);
  }
  assert.throws(() => opus.encode(encoder, new Int16Array(0), packet));
  opus.closeEncoder(encoder);
  assert.throws(() => opus.encode(encoder, pcm, packet));
}

for (const [title, body] of Object.entries({ relay, srtp, dtls, codec })) {
  try {
    await body();
    process.stdout.write(`ok ${title}\n`);
  } catch (error) {
    process.stdout.write(`not ok ${title}: ${error}\n`);
    process.exitCode = 1;
  }
}
