/** Session descriptions and trickled candidates as the Janus API carries them (RFC 9429, 8840). */
import { fail, type Result, succeed } from '../core/result.ts';
import { isJsonObject, type JsonObject, type JsonValue, readShape } from './json.ts';

export interface Jsep {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** Faults: `jsep.type`, and those of a shape. */
export function readJsep(object: JsonObject): Result<Jsep> {
  const read = readShape(object, { type: 'string!', sdp: 'string!' });
  if (!read.ok) return read;
  const type = read.value.type.toLowerCase();
  if (type !== 'offer' && type !== 'answer') return fail('jsep.type', read.value.type);
  return succeed({ type, sdp: read.value.sdp });
}

/** A description as it stands in a message; nothing where there is none. */
export function jsepObject(jsep: Jsep | undefined): JsonObject | undefined {
  return jsep === undefined ? undefined : { type: jsep.type, sdp: jsep.sdp };
}

/** What one `trickle` request brings. */
export interface Trickle {
  /** `candidate:…` attributes, without `a=`. */
  readonly candidates: readonly string[];
  readonly completed: boolean;
}

const MAX_CANDIDATES_PER_REQUEST = 100;

/**
 * Reads the one `candidate` or the several `candidates` of a request. In an array an unusable
 * item is passed over; alone it fails the request.
 */
export function readTrickle(request: JsonObject): Result<Trickle> {
  const one = own(request, 'candidate');
  const several = own(request, 'candidates');
  if (several !== undefined) {
    if (one !== undefined) return fail('field.wrong_type', 'candidate and candidates');
    if (!Array.isArray(several)) return fail('field.wrong_type', 'candidates');
    return succeed(joinTrickles(several.slice(0, MAX_CANDIDATES_PER_REQUEST)));
  }
  if (one === undefined) return fail('field.missing', 'candidate');
  return readCandidate(one);
}

function joinTrickles(items: readonly JsonValue[]): Trickle {
  const usable = items.map(readCandidate).flatMap((read) => (read.ok ? [read.value] : []));
  return {
    candidates: usable.flatMap((trickle) => trickle.candidates),
    completed: usable.some((trickle) => trickle.completed),
  };
}

function readCandidate(value: JsonValue): Result<Trickle> {
  if (value === null) return succeed({ candidates: [], completed: true });
  if (!isJsonObject(value)) return fail('field.wrong_type', 'candidate');
  if (own(value, 'completed') === true) return succeed({ candidates: [], completed: true });
  const read = readShape(value, {
    candidate: 'string!',
    sdpMid: 'string',
    sdpMLineIndex: 'integer',
  });
  if (!read.ok) return read;
  const { candidate, sdpMid, sdpMLineIndex } = read.value;
  if (sdpMid === undefined && sdpMLineIndex === undefined) return fail('field.missing', 'sdpMid');
  // An empty candidate is how browsers mark the end (RFC 8838 §13).
  if (candidate === '') return succeed({ candidates: [], completed: true });
  return succeed({ candidates: [candidate], completed: false });
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
