/** Octets of test packets, and the one packet in them. */
import { parseCompound } from '../../../../../gateway/wire/rtcp/compound.ts';
import type { RtcpPacket } from '../../../../../gateway/wire/rtcp/packet.ts';

export function octets(hexadecimal: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hexadecimal.replaceAll(/\s/g, ''), 'hex'));
}

export function parseOne(bytes: Uint8Array): RtcpPacket {
  const result = parseCompound(bytes);
  if (!result.ok) throw new Error(result.fault.code);
  if (result.value.length !== 1) throw new Error(`${result.value.length} packets`);
  return result.value[0]!;
}

export function faultOf(bytes: Uint8Array): string | undefined {
  const result = parseCompound(bytes);
  return result.ok ? undefined : result.fault.code;
}
