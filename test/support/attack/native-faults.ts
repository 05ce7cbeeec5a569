/**
 * Faults at the boundary to the native primitives, in a media process that is otherwise as it is:
 * loaded before it (`--import`), it stands between the process and its addon and does one mischief
 * whenever its socket is told to.
 */
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type {
  NativeAddon,
  PacketIo,
  PathHandle,
  Srtp,
  SrtpHandle,
} from '../../../gateway/native/contract.ts';
import { isNativeFault, type NativeFault } from './native-fault.ts';

const BUILT = join(import.meta.dirname, '../../../build/native/current/media.node');
const SOCKET = process.env.NATIVE_FAULTS_SOCKET;
/** More than the queue takes. */
const OVERFULL = 600;
/** A packet of sound; reports are shorter. */
const SHORTEST_MEDIA_BYTES = 160;

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

let wanted: NativeFault | undefined;
/** One for RTP, one for RTCP. */
let newestPaths: readonly (PathHandle | undefined)[] = [];
let newestKey: SrtpHandle | undefined;

/** Whether the fault is wanted now; it happens once. */
function isTimeFor(fault: NativeFault): boolean {
  if (wanted !== fault) return false;
  wanted = undefined;
  return true;
}

function spoilPacketIo(packetIo: Mutable<PacketIo>): PacketIo {
  const { openPath, closePath, send, start } = packetIo;
  packetIo.openPath = (options) => {
    const path = openPath(options);
    newestPaths = [newestPaths[1], path];
    return path;
  };
  packetIo.send = (path, offset, length) => {
    const isMedia = length >= SHORTEST_MEDIA_BYTES;
    if (isMedia && newestPaths.includes(path) && isTimeFor('stale-path')) closePath(path);
    if (isTimeFor('full-queue')) {
      for (let times = 1; times < OVERFULL; times += 1) send(path, offset, length);
    }
    send(path, offset, length);
  };
  packetIo.start = (onBatch) =>
    start((count) => {
      if (isTimeFor('throw-outside')) throw new Error('a mistake outside of every leg');
      onBatch(count);
    });
  return packetIo;
}

function spoilSrtp(srtp: Mutable<Srtp>): Srtp {
  const { open, close, unprotectRtp } = srtp;
  srtp.open = (options) => {
    const context = open(options);
    if (options.direction === 'unprotect') newestKey = context;
    return context;
  };
  srtp.unprotectRtp = (context, offset, length) => {
    if (context === newestKey && isTimeFor('throw')) throw new Error('a mistake of ours');
    if (context === newestKey && isTimeFor('stale-key')) close(context);
    return unprotectRtp(context, offset, length);
  };
  return srtp;
}

function beReady(socketPath: string): void {
  const addon: Mutable<NativeAddon> = createRequire(import.meta.url)(BUILT);
  const { openPacketIo, openSrtp } = addon;
  addon.openPacketIo = () => spoilPacketIo(openPacketIo());
  addon.openSrtp = (arena) => spoilSrtp(openSrtp(arena));
  const server = createServer((socket) => {
    socket.on('data', (text) => {
      const name = text.toString();
      if (isNativeFault(name)) wanted = name;
      socket.end('done');
    });
  });
  server.listen(socketPath);
  server.unref();
}

// Supervisor and signalling inherit the option, and have no addon.
if (SOCKET !== undefined && process.argv[1]?.endsWith('media-process.ts')) beReady(SOCKET);
