/** DTLS datagrams that anybody can make: hellos, alerts, noise (RFC 6347 §4.1). */
import { randomBytes } from 'node:crypto';
import { DtlsPeer } from './dtls-peer.ts';

const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION = 23;
const DTLS_1_2 = 0xfefd;
const WARNING = 1;
const FATAL = 2;
const CLOSE_NOTIFY = 0;
const HANDSHAKE_FAILURE = 40;

/** A genuine first flight of a client that nobody has invited. */
export async function clientHello(): Promise<Buffer> {
  const stranger = await DtlsPeer.make({ role: 'client', forgery: 'none' });
  const sent = new Promise<Buffer>((resolve) => {
    stranger.onOutgoing = resolve;
  });
  stranger.start();
  const hello = await sent;
  stranger.stop();
  return hello;
}

/** Each ends an association if it is believed. */
export function alerts(): readonly Buffer[] {
  return [
    record(ALERT, 0, Buffer.from([FATAL, HANDSHAKE_FAILURE])),
    record(ALERT, 0, Buffer.from([WARNING, CLOSE_NOTIFY])),
    record(ALERT, 1, randomBytes(26)),
  ];
}

export function noise(): readonly Buffer[] {
  return [
    record(HANDSHAKE, 0, randomBytes(40)),
    record(HANDSHAKE, 1, randomBytes(40)),
    record(APPLICATION, 1, randomBytes(100)),
    randomBytes(60).fill(HANDSHAKE, 0, 1),
  ];
}

function record(type: number, epoch: number, fragment: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header[0] = type;
  header.writeUInt16BE(DTLS_1_2, 1);
  header.writeUInt16BE(epoch, 3);
  randomBytes(4).copy(header, 7);
  header.writeUInt16BE(fragment.length, 11);
  return Buffer.concat([header, fragment]);
}
