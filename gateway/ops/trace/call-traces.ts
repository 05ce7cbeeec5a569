/** What went on in each call lately: its messages and events, in bounded memory, as text. */
import type { CallFact } from '../../call/b2bua-contract.ts';
import type { CallRecord } from '../../call/call-record.ts';
import type { CallId } from '../../call/leg-contract.ts';
import type { SipTraceRecord } from '../../sip/endpoint-contract.ts';
import { RecordRing, type RingRecord } from './record-ring.ts';
import { redactJson, redactText } from './redaction.ts';

export interface TraceOptions {
  /** For the traces of all calls. */
  readonly bytes: number;
  /** For what remains of failed calls when newer ones have taken their place. */
  readonly failedBytes: number;
  readonly recordsPerCall: number;
  /** Writes an instant of the wall clock, for people. */
  readonly formatInstant: (wallClockMs: number) => string;
}

/** Failed calls whose traces outlive the others. */
const MAX_FAILED = 256;
const MAX_BODY_BYTES = 8_192;
/** Causes that nobody will want to look into. */
const UNREMARKABLE = new Set(['normal', 'cancelled', 'busy', 'declined', 'answered-elsewhere']);

const NOTHING = new Uint8Array(0);

/** What stands before a record's body. */
interface Heading {
  readonly at: number;
  readonly kind: 'sip' | 'api' | 'fact' | 'end';
  readonly summary: string;
}

interface LiveCall {
  /** Keys under which records of the call stand: its own and its SIP dialogs' Call-IDs. */
  readonly keys: string[];
  records: number;
}

export class CallTraces {
  readonly #options: TraceOptions;
  readonly #recent: RecordRing;
  readonly #failed: RecordRing;
  readonly #live = new Map<CallId, LiveCall>();
  /** Keys of failed calls, oldest first. */
  readonly #failedKeys = new Map<string, CallId>();

  constructor(options: TraceOptions) {
    this.#options = options;
    this.#failed = new RecordRing(options.failedBytes);
    this.#recent = new RecordRing(options.bytes, ({ key, payload }) => {
      if (this.#failedKeys.has(key)) this.#failed.append(key, payload);
    });
  }

  fact(fact: CallFact, wallClockMs: number): void {
    const fields = Object.entries(fact.fields).map(([name, value]) => `${name}=${value}`);
    const leg = fact.leg === undefined ? [] : [`leg=${fact.leg}`];
    const summary = [fact.event, ...leg, ...fields].join(' ');
    if (fact.event === 'call.offered') this.#begin(fact.call, String(fact.fields.callId ?? ''));
    this.#append(fact.call, keyOfCall(fact.call), { at: wallClockMs, kind: 'fact', summary });
  }

  /** `call` is absent for messages that belong to no call, or to none yet. */
  sip(record: SipTraceRecord, call: CallId | undefined, wallClockMs: number): void {
    const key = `sip:${record.callId}`;
    if (call !== undefined) this.#link(call, key);
    const arrow = record.direction === 'in' ? '<-' : '->';
    const { transport, remoteAddress, remotePort } = record;
    const summary = `${arrow} ${transport} ${remoteAddress}:${remotePort} ${record.summary}`;
    this.#append(call, key, { at: wallClockMs, kind: 'sip', summary }, record.bytes);
  }

  api(call: CallId, direction: 'in' | 'out', message: unknown, wallClockMs: number): void {
    const summary = direction === 'in' ? '<- janus' : '-> janus';
    const heading: Heading = { at: wallClockMs, kind: 'api', summary };
    this.#append(call, keyOfCall(call), heading, Buffer.from(redactJson(message)));
  }

  end(record: CallRecord, wallClockMs: number): void {
    const { call, cause } = record;
    const key = keyOfCall(call);
    const summary = `call.ended cause=${cause.name} by=${record.endedBy}`;
    const body = Buffer.from(JSON.stringify(record));
    this.#append(call, key, { at: wallClockMs, kind: 'end', summary }, body);
    const live = this.#live.get(call);
    this.#live.delete(call);
    if (live === undefined || UNREMARKABLE.has(cause.name)) return;
    for (const each of live.keys) this.#failedKeys.set(each, call);
    this.#forgetOldFailures();
  }

  /** Calls that are over and still remembered, the newest first. */
  ended(): CallRecord[] {
    const records = new Map<CallId, CallRecord>();
    for (const { payload } of this.#all()) {
      const { heading, body } = parsePayload(payload);
      if (heading.kind !== 'end') continue;
      const record = JSON.parse(body) as CallRecord;
      records.set(record.call, record);
    }
    return [...records.values()].reverse();
  }

  /** Undefined for a call that was never here or is forgotten. */
  text(call: CallId): string | undefined {
    const keys = new Set(this.#live.get(call)?.keys ?? this.#keysOfEnded(call));
    const lines: string[] = [];
    for (const { key, payload } of this.#all()) {
      if (keys.has(key)) lines.push(this.#format(payload));
    }
    return lines.length === 0 ? undefined : `${lines.join('\n')}\n`;
  }

  *#all(): Generator<RingRecord> {
    yield* this.#failed.records();
    yield* this.#recent.records();
  }

  /** The Call-IDs of a call that is over stand in its facts. */
  #keysOfEnded(call: CallId): string[] {
    const own = keyOfCall(call);
    const keys = [own];
    for (const { key, payload } of this.#all()) {
      if (key !== own) continue;
      const { heading } = parsePayload(payload);
      const callId = /^(?:call\.offered .*\bcallId|trace\.linked callId)=(\S+)/.exec(
        heading.summary,
      );
      if (callId !== null) keys.push(`sip:${callId[1]}`);
    }
    return keys;
  }

  #begin(call: CallId, callId: string): void {
    const keys = [keyOfCall(call)];
    if (callId !== '') keys.push(`sip:${callId}`);
    this.#live.set(call, { keys, records: 0 });
  }

  #link(call: CallId, key: string): void {
    const live = this.#live.get(call);
    if (live === undefined || live.keys.includes(key)) return;
    live.keys.push(key);
    const summary = `trace.linked callId=${key.slice('sip:'.length)}`;
    this.#recent.append(keyOfCall(call), payloadOf({ at: 0, kind: 'fact', summary }, NOTHING));
  }

  #append(
    call: CallId | undefined,
    key: string,
    heading: Heading,
    body: Uint8Array = NOTHING,
  ): void {
    const live = call === undefined ? undefined : this.#live.get(call);
    if (live !== undefined) {
      live.records += 1;
      if (live.records > this.#options.recordsPerCall && heading.kind !== 'end') return;
    }
    this.#recent.append(key, payloadOf(heading, body));
  }

  #format(payload: Uint8Array): string {
    const { heading, body } = parsePayload(payload);
    const instant = heading.at === 0 ? '' : this.#options.formatInstant(heading.at);
    const first = `${instant.padEnd(24)} ${heading.kind.padEnd(4)} ${heading.summary}`;
    if (body === '') return first;
    // Nobody but a reader of traces pays for this, and the ring never leaves this process.
    const lines = redactText(body).trimEnd().split(/\r?\n/);
    return [first, ...lines.map((line) => `    ${line}`)].join('\n');
  }

  #forgetOldFailures(): void {
    for (const key of this.#failedKeys.keys()) {
      if (this.#failedKeys.size <= MAX_FAILED) return;
      this.#failedKeys.delete(key);
    }
  }
}

function keyOfCall(call: CallId): string {
  return `call:${call}`;
}

function payloadOf(heading: Heading, body: Uint8Array): Buffer {
  const first = Buffer.from(`${heading.at} ${heading.kind} ${heading.summary}\n`, 'utf8');
  // A call's last record is of our own making, and must stay whole to be read again.
  const kept = heading.kind === 'end' ? body : body.subarray(0, MAX_BODY_BYTES);
  return Buffer.concat([first, kept]);
}

function parsePayload(payload: Uint8Array): { readonly heading: Heading; readonly body: string } {
  const text = Buffer.from(payload).toString('utf8');
  const end = text.indexOf('\n');
  const [at = '0', kind = 'fact', ...summary] = text.slice(0, end).split(' ');
  return {
    heading: { at: Number(at), kind: kind as Heading['kind'], summary: summary.join(' ') },
    body: text.slice(end + 1),
  };
}
