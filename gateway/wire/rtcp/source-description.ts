/** Source descriptions, of which CNAME alone is kept (RFC 3550 §6.5). */
import { fail, type Result, succeed } from '../../core/result.ts';
import { octetsOf, type RtcpFrame, startFrame } from './frame.ts';
import { MOST_COUNTED_ITEMS, rtcpTypes, type SourceDescription } from './packet.ts';

const END_OF_ITEMS = 0;
const CNAME_ITEM = 1;
const LONGEST_ITEM_BYTES = 255;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

type Chunk = SourceDescription['chunks'][number];

export function parseSourceDescription({ body, count }: RtcpFrame): Result<SourceDescription> {
  const chunks: Chunk[] = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + 4 > body.byteLength) return fail('rtcp.truncated', 'SDES chunk');
    const ssrc = body.getUint32(at);
    at += 4;
    let cname: string | undefined;
    while (at < body.byteLength && body.getUint8(at) !== END_OF_ITEMS) {
      if (at + 2 > body.byteLength) return fail('rtcp.truncated', 'SDES item');
      const item = body.getUint8(at);
      const length = body.getUint8(at + 1);
      if (at + 2 + length > body.byteLength) return fail('rtcp.truncated', 'SDES item');
      if (item === CNAME_ITEM) cname ??= decoder.decode(octetsOf(body, at + 2, length));
      at += 2 + length;
    }
    // Items end with one zero at least, and zeros go on to the next 32 bits.
    at = (at + 4) & ~3;
    chunks.push(cname === undefined ? { ssrc } : { ssrc, cname });
  }
  return succeed({ type: 'source-description', chunks });
}

export function buildSourceDescription({ chunks }: SourceDescription): Uint8Array {
  if (chunks.length > MOST_COUNTED_ITEMS) throw new RangeError(`${chunks.length} chunks`);
  const names = chunks.map(({ cname }) => encoder.encode(cname ?? ''));
  const lengths = names.map((name) => {
    if (name.length > LONGEST_ITEM_BYTES) throw new RangeError(`CNAME of ${name.length} octets`);
    return 4 + ((2 + name.length + 4) & ~3);
  });
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const { bytes, body } = startFrame(rtcpTypes.sourceDescription, chunks.length, total);
  let at = 0;
  for (const [i, { ssrc }] of chunks.entries()) {
    const name = names[i]!;
    body.setUint32(at, ssrc);
    body.setUint8(at + 4, CNAME_ITEM);
    body.setUint8(at + 5, name.length);
    octetsOf(body, at + 6, name.length).set(name);
    at += lengths[i]!;
  }
  return bytes;
}
