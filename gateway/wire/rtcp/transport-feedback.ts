/**
 * Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions
 * §3.1).
 */
import { fail, type Result, succeed } from '../../core/result.ts';
import { FEEDBACK_HEADER_BYTES } from './feedback.ts';
import { type RtcpFrame, startFrame } from './frame.ts';
import { rtcpTypes, type TransportFeedback } from './packet.ts';

export const TRANSPORT_FEEDBACK_FORMAT = 15;

/** Statuses that one message may report: 2 s at 4,000 packets a second. */
export const MOST_ARRIVALS = 8192;

const FIXED_BYTES = FEEDBACK_HEADER_BYTES + 8;
const CHUNK_BYTES = 2;
/** §3.1.1: packet status symbols. */
const NOT_RECEIVED = 0;
const SMALL_DELTA = 1;
const LARGE_DELTA = 2;
const LONGEST_RUN = 0x1fff;
const LARGEST_SMALL_DELTA = 255;
const LARGEST_LARGE_DELTA = 32767;
const SMALLEST_LARGE_DELTA = -32768;

export function parseTransportFeedback({ body }: RtcpFrame): Result<TransportFeedback> {
  if (body.byteLength < FIXED_BYTES) return fail('rtcp.truncated', 'transport feedback');
  const count = body.getUint16(10);
  if (count > MOST_ARRIVALS) return fail('rtcp.too_many', `${count} arrivals`);
  const symbols: number[] = [];
  let at = FIXED_BYTES;
  while (symbols.length < count) {
    if (at + CHUNK_BYTES > body.byteLength) return fail('rtcp.truncated', 'status chunk');
    const chunk = body.getUint16(at);
    if (isEmptyRun(chunk)) return fail('rtcp.status_chunk', 'run of no packets');
    appendSymbols(symbols, chunk, count);
    at += CHUNK_BYTES;
  }
  const arrivals: (number | undefined)[] = [];
  for (const symbol of symbols) {
    const width = symbol === SMALL_DELTA ? 1 : symbol === LARGE_DELTA ? 2 : 0;
    if (at + width > body.byteLength) return fail('rtcp.truncated', 'receive delta');
    if (width === 0) arrivals.push(undefined);
    else arrivals.push(width === 1 ? body.getUint8(at) : body.getInt16(at));
    at += width;
  }
  return succeed({
    type: 'transport-feedback',
    senderSsrc: body.getUint32(0),
    mediaSsrc: body.getUint32(4),
    baseSequence: body.getUint16(8),
    referenceTime: body.getInt32(12) >> 8,
    feedbackCount: body.getUint8(15),
    arrivals,
  });
}

/** It would make no progress. */
function isEmptyRun(chunk: number): boolean {
  return (chunk & 0x8000) === 0 && (chunk & LONGEST_RUN) === 0;
}

/** §3.1.3 run length, §3.1.4 status vector. */
function appendSymbols(symbols: number[], chunk: number, count: number): void {
  const isVector = (chunk & 0x8000) !== 0;
  if (!isVector) {
    const run = Math.min(chunk & LONGEST_RUN, count - symbols.length);
    const symbol = (chunk >> 13) & 3;
    for (let i = 0; i < run; i += 1) symbols.push(symbol);
    return;
  }
  const bits = (chunk & 0x4000) === 0 ? 1 : 2;
  for (let shift = 14 - bits; shift >= 0 && symbols.length < count; shift -= bits) {
    symbols.push((chunk >> shift) & (bits === 1 ? 1 : 3));
  }
}

/**
 * Arrivals are written as runs; deltas beyond sixteen bits throw, as the caller must split there.
 */
export function buildTransportFeedback(feedback: TransportFeedback): Uint8Array {
  const { arrivals } = feedback;
  if (arrivals.length > MOST_ARRIVALS) throw new RangeError(`${arrivals.length} arrivals`);
  const symbols = arrivals.map(symbolOf);
  const chunks = runsOf(symbols);
  const deltas = symbols.reduce((sum, symbol) => sum + symbol, 0);
  const length = FIXED_BYTES + chunks.length * CHUNK_BYTES + deltas;
  const { bytes, body } = startFrame(
    rtcpTypes.transportFeedback,
    TRANSPORT_FEEDBACK_FORMAT,
    length,
  );
  body.setUint32(0, feedback.senderSsrc);
  body.setUint32(4, feedback.mediaSsrc);
  body.setUint16(8, feedback.baseSequence);
  body.setUint16(10, arrivals.length);
  body.setInt32(12, (feedback.referenceTime << 8) | (feedback.feedbackCount & 0xff));
  let at = FIXED_BYTES;
  for (const chunk of chunks) {
    body.setUint16(at, chunk);
    at += CHUNK_BYTES;
  }
  for (const [i, symbol] of symbols.entries()) {
    if (symbol === SMALL_DELTA) body.setUint8(at, arrivals[i]!);
    if (symbol === LARGE_DELTA) body.setInt16(at, arrivals[i]!);
    at += symbol;
  }
  return bytes;
}

function symbolOf(delta: number | undefined): number {
  if (delta === undefined) return NOT_RECEIVED;
  if (delta >= 0 && delta <= LARGEST_SMALL_DELTA) return SMALL_DELTA;
  if (delta < SMALLEST_LARGE_DELTA || delta > LARGEST_LARGE_DELTA) {
    throw new RangeError(`delta of ${delta} quarter milliseconds`);
  }
  return LARGE_DELTA;
}

function runsOf(symbols: readonly number[]): number[] {
  const chunks: number[] = [];
  for (let start = 0; start < symbols.length; ) {
    const symbol = symbols[start]!;
    let end = start + 1;
    while (symbols[end] === symbol && end - start < LONGEST_RUN) end += 1;
    chunks.push((symbol << 13) | (end - start));
    start = end;
  }
  return chunks;
}
