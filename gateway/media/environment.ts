/** What every leg of a media process shares: primitives, agenda, codecs, names, chance. */

import type { CodecLibrary } from '../../transcoder/codec.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Millis } from '../core/time.ts';
import type { Dtls, DtlsIdentity, PacketIo, PathHandle, Srtp } from '../native/contract.ts';
import type { Agenda } from './agenda.ts';
import type { MediaProcessOptions } from './options.ts';
import type { PacketLoop } from './packet-loop.ts';

export interface MediaEnvironment {
  readonly options: MediaProcessOptions;
  readonly packetIo: PacketIo;
  readonly srtp: Srtp;
  readonly dtls: Dtls;
  /** Made afresh at every start of the process. */
  readonly identity: DtlsIdentity;
  readonly codecs: CodecLibrary;
  readonly agenda: Agenda;
  readonly loop: PacketLoop;
  readonly random: Random;
  readonly log: Log;
  /** Wall-clock milliseconds at monotonic zero: NTP stamps never jump while the process lives. */
  readonly wallClockOriginMs: Millis;
}

/** Queues a copy of `bytes`, for the rare datagram that is not already in the arena. */
export function sendCopy(packetIo: PacketIo, path: PathHandle, bytes: Uint8Array): void {
  const offset = packetIo.allocateTransmit();
  packetIo.arena.set(bytes, offset);
  packetIo.send(path, offset, bytes.length);
}
