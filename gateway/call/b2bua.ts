/** The back-to-back user agent: every call, what it hears from legs and media, and what it says. */
import type { Machine } from '../core/machine.ts';
import type { Random } from '../core/random.ts';
import type { Millis } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import type { MediaEvent, MediaProcessId, MediaReply } from '../media-contract/contract.ts';
import { Deadlines } from '../sip/deadlines.ts';
import { stepApplication } from './application-host.ts';
import type { B2buaInput, B2buaOutput, CallCounts } from './b2bua-contract.ts';
import { type Call, callDeadline, type Leg, legOf, legsOf } from './call.ts';
import type { CallSummary } from './call-record.ts';
import { endCall, finishCall, summaryOf } from './ending.ts';
import type { CallId, IncomingLeg, LegEvent, LegId } from './leg-contract.ts';
import { takeLegEvent } from './leg-news.ts';
import { takeMediaEvent, takeReply } from './media-news.ts';
import { offerOwed } from './renegotiation.ts';
import { beginCall } from './setup.ts';
import type { B2buaOptions, Stage } from './stage.ts';

/** The whole state: plain JSON. */
export interface B2buaSnapshot {
  readonly calls: readonly Call[];
  readonly processes: readonly MediaProcessId[];
  readonly stopping: boolean;
}

export class B2bua implements Machine<B2buaInput, B2buaOutput, B2buaSnapshot> {
  readonly #options: B2buaOptions;
  readonly #random: Random;
  readonly #calls = new Map<CallId, Call>();
  readonly #callOfLeg = new Map<LegId, CallId>();
  /** How many calls each media process has. */
  readonly #processes = new Map<MediaProcessId, number>();
  readonly #deadlines = new Deadlines();
  readonly #outputs: B2buaOutput[] = [];
  #stopping: boolean;

  constructor(options: B2buaOptions, random: Random, snapshot?: B2buaSnapshot) {
    this.#options = options;
    this.#random = random;
    this.#stopping = snapshot?.stopping ?? false;
    for (const process of snapshot?.processes ?? []) this.#processes.set(process, 0);
    for (const call of structuredClone(snapshot?.calls ?? [])) {
      this.#count(call, 1);
      this.#remember(call);
    }
  }

  handle(input: B2buaInput, now: Millis): void {
    switch (input.type) {
      case 'incoming':
        this.#begin(input.leg, now);
        return;
      case 'leg-event':
        this.#takeLegEvent(input.leg, input.event, now);
        return;
      case 'media-reply':
        this.#takeReply(input.process, input.id, input.reply, now);
        return;
      case 'media-event':
        this.#takeMediaEvent(input.event, now);
        return;
      case 'media-up':
        if (!this.#processes.has(input.process)) this.#processes.set(input.process, 0);
        return;
      case 'media-down':
        this.#loseProcess(input.process, now);
        return;
      case 'hang-up':
        this.#withCall(input.call, now, (stage, call) => {
          endCall(stage, call, input.cause, 'gateway');
        });
        return;
      case 'stop':
        this.#stopping = true;
        for (const id of [...this.#calls.keys()]) {
          this.#withCall(id, now, (stage, call) => endCall(stage, call, input.cause, 'gateway'));
        }
        return;
      default:
        unreachable(input);
    }
  }

  handleTimeout(now: Millis): void {
    for (;;) {
      const id = this.#deadlines.takeDue(now);
      if (id === undefined) return;
      this.#withCall(id, now, takeTime);
    }
  }

  poll(): B2buaOutput | undefined {
    return this.#outputs.shift();
  }

  deadline(): Millis | undefined {
    return this.#deadlines.earliest;
  }

  /** Outputs must have been drained. */
  snapshot(): B2buaSnapshot {
    return structuredClone({
      calls: [...this.#calls.values()],
      processes: [...this.#processes.keys()],
      stopping: this.#stopping,
    });
  }

  calls(): CallSummary[] {
    return [...this.#calls.values()].map(summaryOf);
  }

  callOfLeg(leg: LegId): CallId | undefined {
    return this.#callOfLeg.get(leg);
  }

  counts(): CallCounts {
    let commands = 0;
    for (const call of this.#calls.values()) commands += Object.keys(call.pending).length;
    return {
      calls: this.#calls.size,
      legs: this.#callOfLeg.size,
      timers: this.#deadlines.size,
      commands,
    };
  }

  #begin(leg: IncomingLeg, now: Millis): void {
    if (this.#callOfLeg.has(leg.leg)) return;
    const call = beginCall(this.#stage(now, leg.account), leg);
    this.#count(call, 1);
    this.#remember(call);
  }

  #takeLegEvent(id: LegId, event: LegEvent, now: Millis): void {
    this.#withLeg(id, now, (stage, call, leg) => takeLegEvent(stage, call, leg, event));
  }

  #takeMediaEvent(event: MediaEvent, now: Millis): void {
    this.#withLeg(event.leg, now, (stage, call, leg) => takeMediaEvent(stage, call, leg, event));
  }

  #takeReply(process: MediaProcessId, id: string, reply: MediaReply, now: Millis): void {
    const call = this.#calls.get(id.slice(0, id.lastIndexOf('.')));
    const pending = call?.pending[id];
    if (call !== undefined && pending !== undefined) {
      this.#withCall(call.id, now, (stage) => {
        delete call.pending[id];
        takeReply(stage, call, pending, reply);
      });
      return;
    }
    // Nobody waits for this leg any more: it must not stay open.
    if (reply.op !== 'leg') return;
    if (call !== undefined && legOf(call, reply.leg)?.state !== 'gone') return;
    const command = { op: 'close-leg', leg: reply.leg } as const;
    this.#outputs.push({ type: 'media-command', process, id: `${id}.late`, command });
  }

  #loseProcess(process: MediaProcessId, now: Millis): void {
    this.#processes.delete(process);
    for (const { id, process: serving } of [...this.#calls.values()]) {
      if (serving !== process) continue;
      this.#withCall(id, now, (stage, call) => {
        endCall(stage, call, { name: 'media-process-lost' }, 'gateway');
        // A call that was ending already waits for replies that will not come.
        finishCall(stage, call);
      });
    }
  }

  #withLeg(id: LegId, now: Millis, rule: (stage: Stage, call: Call, leg: Leg) => void): void {
    const owner = this.#callOfLeg.get(id);
    if (owner === undefined) return;
    this.#withCall(owner, now, (stage, call) => {
      const leg = legOf(call, id);
      if (leg !== undefined) rule(stage, call, leg);
    });
  }

  #withCall(id: CallId, now: Millis, rule: (stage: Stage, call: Call) => void): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    rule(this.#stage(now), call);
    this.#remember(call);
  }

  /** Brings the indices up to date with a call that has changed, or drops it once it is over. */
  #remember(call: Call): void {
    if (call.state === 'ended') {
      this.#count(call, -1);
      this.#calls.delete(call.id);
      this.#deadlines.set(call.id, undefined);
      for (const leg of legsOf(call)) this.#callOfLeg.delete(leg.id);
      return;
    }
    this.#calls.set(call.id, call);
    this.#deadlines.set(call.id, callDeadline(call));
    for (const leg of legsOf(call)) this.#callOfLeg.set(leg.id, call.id);
  }

  #count(call: Call, by: 1 | -1): void {
    if (call.process === undefined) return;
    const calls = this.#processes.get(call.process);
    if (calls !== undefined) this.#processes.set(call.process, calls + by);
  }

  /** Whether a further call would be one too many, of all or of that account. */
  #isFull(account: string | undefined): boolean {
    const { calls, callsPerUser } = this.#options.limits;
    if (this.#calls.size >= calls) return true;
    if (account?.startsWith('user:') !== true) return false;
    let own = 0;
    for (const call of this.#calls.values()) if (call.account === account) own += 1;
    return own >= callsPerUser;
  }

  #stage(now: Millis, account?: string): Stage {
    return {
      now,
      random: this.#random,
      options: this.#options,
      processes: this.#processes,
      admitting: this.#stopping ? 'stopping' : this.#isFull(account) ? 'full' : 'yes',
      emit: (output) => {
        this.#outputs.push(output);
      },
    };
  }
}

/** Time is the input: whatever of the call's deadlines has passed. */
function takeTime(stage: Stage, call: Call): void {
  const passed = (at: Millis | undefined) => at !== undefined && at <= stage.now;
  if (passed(call.closeBy)) finishCall(stage, call);
  if (passed(call.openBy)) endCall(stage, call, { name: 'media-unavailable' }, 'gateway');
  if (passed(call.answerBy)) endCall(stage, call, { name: 'no-answer' }, 'gateway');
  if (passed(call.application?.deadline)) stepApplication(stage, call, { type: 'time' });
  for (const leg of legsOf(call)) {
    if (!passed(leg.offerAgainAt)) continue;
    leg.offerAgainAt = undefined;
    offerOwed(stage, call, leg);
  }
}
