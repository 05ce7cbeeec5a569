/** Datagrams as the native layer would hand them over, for tests of single parts. */
import { Datagram } from '../../../../gateway/media/datagram.ts';
import { udpAddress } from '../../../../gateway/media/udp-address.ts';
import {
  DATAGRAM_WORDS,
  FLAG_TRUNCATED,
  HEADROOM_BYTES,
  WORD_FAMILY,
  WORD_FLAGS,
  WORD_LENGTH,
  WORD_LOCAL_ADDRESS,
  WORD_OFFSET,
  WORD_REMOTE_ADDRESS,
  WORD_REMOTE_PORT,
  WORD_SOCKET,
  WORD_TIME_MICROS,
} from '../../../../gateway/native/contract.ts';

export interface Fabrication {
  readonly from: string;
  readonly port: number;
  readonly to?: string;
  readonly socket?: number;
  readonly bytes?: Uint8Array;
  readonly arrivalMicros?: number;
  readonly isTruncated?: boolean;
}

export function fabricate(fabrication: Fabrication): Datagram {
  const { bytes = new Uint8Array(0), to = '198.51.100.1' } = fabrication;
  const arena = new Uint8Array(4096);
  arena.set(bytes, HEADROOM_BYTES);
  const info = new Int32Array(DATAGRAM_WORDS);
  const remote = udpAddress(fabrication.from, fabrication.port)!;
  const local = udpAddress(to, 0)!;
  info[WORD_SOCKET] = fabrication.socket ?? 1;
  info[WORD_OFFSET] = HEADROOM_BYTES;
  info[WORD_LENGTH] = bytes.length;
  info[WORD_FLAGS] = fabrication.isTruncated === true ? FLAG_TRUNCATED : 0;
  info[WORD_FAMILY] = remote.family;
  info[WORD_REMOTE_PORT] = remote.port;
  info.set([remote.word0, remote.word1, remote.word2, remote.word3], WORD_REMOTE_ADDRESS);
  info.set([local.word0, local.word1, local.word2, local.word3], WORD_LOCAL_ADDRESS);
  info[WORD_TIME_MICROS] = fabrication.arrivalMicros ?? 0;
  const datagram = new Datagram({ arena, receiveInfo: info });
  datagram.point(0);
  return datagram;
}
