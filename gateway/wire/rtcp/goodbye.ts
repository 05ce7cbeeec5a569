/** BYE: sources that have left (RFC 3550 §6.6). */
import { fail, type Result, succeed } from '../../core/result.ts';
import { octetsOf, type RtcpFrame, startFrame } from './frame.ts';
import { type Goodbye, MOST_COUNTED_ITEMS, rtcpTypes } from './packet.ts';

const LONGEST_REASON_BYTES = 255;

export function parseGoodbye({ body, count }: RtcpFrame): Result<Goodbye> {
  if (body.byteLength < count * 4) return fail('rtcp.truncated', 'BYE');
  const sources: number[] = [];
  for (let i = 0; i < count; i += 1) sources.push(body.getUint32(i * 4));
  const at = count * 4;
  if (at === body.byteLength) return succeed({ type: 'goodbye', sources });
  const length = body.getUint8(at);
  if (at + 1 + length > body.byteLength) return fail('rtcp.truncated', 'reason of BYE');
  const reason = new TextDecoder().decode(octetsOf(body, at + 1, length));
  return succeed({ type: 'goodbye', sources, reason });
}

export function buildGoodbye({ sources, reason }: Goodbye): Uint8Array {
  if (sources.length > MOST_COUNTED_ITEMS) throw new RangeError(`${sources.length} sources`);
  const text = new TextEncoder().encode(reason ?? '');
  if (text.length > LONGEST_REASON_BYTES) throw new RangeError(`reason of ${text.length} octets`);
  const at = sources.length * 4;
  const length = at + (text.length === 0 ? 0 : 1 + text.length);
  const { bytes, body } = startFrame(rtcpTypes.goodbye, sources.length, length);
  for (const [i, ssrc] of sources.entries()) body.setUint32(i * 4, ssrc);
  if (text.length > 0) {
    body.setUint8(at, text.length);
    octetsOf(body, at + 1, text.length).set(text);
  }
  return bytes;
}
