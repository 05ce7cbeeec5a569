/** A bench for calls: the back-to-back user agent, a media process without media, scripted legs. */
import { echo } from '../../../gateway/apps/echo/echo.ts';
import { B2bua } from '../../../gateway/call/b2bua.ts';
import type { B2buaInput, B2buaOutput } from '../../../gateway/call/b2bua-contract.ts';
import type { CallRecord } from '../../../gateway/call/call-record.ts';
import type {
  IncomingLeg,
  LegCommand,
  LegEvent,
  LegId,
} from '../../../gateway/call/leg-contract.ts';
import type { MediaEvent } from '../../../gateway/media-contract/contract.ts';
import { RTP, WEBRTC } from '../../../gateway/media-contract/transport.ts';
import type { Decision, Target } from '../../../gateway/routing/decision.ts';
import { SeededRandom } from '../seeded-random.ts';
import { FakeMedia } from './fake-media.ts';
import { phoneSdp, recorded } from './peer-description.ts';

export const SIP_TARGET: Target = {
  hop: { kind: 'sip' },
  to: 'sip:bob@127.0.0.1:5070',
  interface: 'loopback',
  transport: RTP,
  srtp: 'off',
  codecs: ['opus', 'pcmu', 'pcma'],
  mediaNetworks: [],
  anySource: false,
};

export const BROWSER_TARGET: Target = {
  ...SIP_TARGET,
  hop: { kind: 'janus', handle: 'h1' },
  to: 'sip:carol@127.0.0.1',
  transport: WEBRTC,
};

export const LIMITS = {
  calls: 100,
  callsPerUser: 20,
  answerMs: 60_000,
  openMs: 5_000,
  closeMs: 2_000,
};

export class CallBench {
  now = 1_000;
  readonly media = new FakeMedia();
  /** Whether media commands are answered at once; else `answerMedia` does. */
  mediaAnswers = true;
  /** Every output as it came. */
  readonly outputs: B2buaOutput[] = [];
  decision: Decision = { type: 'call', targets: [SIP_TARGET], rule: 'test' };
  /** Called before every input, to put the machine through a restart. */
  restarts: () => boolean = () => false;
  readonly #random: SeededRandom;
  readonly #waiting: Extract<B2buaOutput, { type: 'media-command' }>[] = [];
  #b2bua: B2bua;
  #readUpTo = 0;

  constructor(seed = 1) {
    this.#random = new SeededRandom(seed);
    this.#b2bua = new B2bua(this.#options(), this.#random);
    this.give({ type: 'media-up', process: 'media-1' });
  }

  get machine(): B2bua {
    return this.#b2bua;
  }

  give(input: B2buaInput): void {
    this.#perhapsRestart();
    this.#b2bua.handle(input, this.now);
    this.#drain();
  }

  /** Lets time pass, deadline by deadline. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const deadline = this.#b2bua.deadline();
      if (deadline === undefined || deadline > end) break;
      this.now = Math.max(this.now, deadline);
      this.#perhapsRestart();
      this.#b2bua.handleTimeout(this.now);
      this.#drain();
    }
    this.now = end;
  }

  call(leg: Partial<IncomingLeg> = {}): LegId {
    const id = leg.leg ?? 'caller';
    this.give({ type: 'incoming', leg: { ...BROWSER_CALLER, ...leg, leg: id } });
    return id;
  }

  tell(leg: LegId, event: LegEvent): void {
    this.give({ type: 'leg-event', leg, event });
  }

  mediaEvent(event: MediaEvent): void {
    this.give({ type: 'media-event', process: 'media-1', event });
  }

  /** Answers what waits, in order, as one connection does. */
  answerMedia(): void {
    for (let waiting = this.#waiting.shift(); waiting !== undefined; ) {
      this.#execute(waiting);
      waiting = this.#waiting.shift();
    }
  }

  /** What the legs were told since the last look, as `leg type`. */
  told(): string[] {
    const fresh = this.outputs.slice(this.#readUpTo);
    this.#readUpTo = this.outputs.length;
    return fresh.flatMap((each) =>
      each.type === 'leg-command' ? [`${this.nameOf(each.leg)} ${each.command.type}`] : [],
    );
  }

  /** The last command of that type to that leg. */
  last<T extends LegCommand['type']>(leg: LegId, type: T): Extract<LegCommand, { type: T }> {
    const found = this.outputs.findLast(
      (each) => each.type === 'leg-command' && each.leg === leg && each.command.type === type,
    );
    if (found?.type !== 'leg-command') throw new Error(`${leg} was never told ${type}`);
    return found.command as Extract<LegCommand, { type: T }>;
  }

  /** Callees in the order in which they were invited. */
  callees(): LegId[] {
    return this.outputs.flatMap((each) =>
      each.type === 'leg-command' && each.command.type === 'invite' ? [each.leg] : [],
    );
  }

  callee(index = 0): LegId {
    const id = this.callees()[index];
    if (id === undefined) throw new Error(`no callee ${index} was invited`);
    return id;
  }

  nameOf(leg: LegId): string {
    const index = this.callees().indexOf(leg);
    return index < 0 ? leg : `callee${index}`;
  }

  records(): CallRecord[] {
    return this.outputs.flatMap((each) => (each.type === 'record' ? [each.record] : []));
  }

  facts(): string[] {
    return this.outputs.flatMap((each) => (each.type === 'fact' ? [each.fact.event] : []));
  }

  /** What is left, which after every call's end must be nothing. */
  remains(): object {
    return { ...this.#b2bua.counts(), media: this.media.legs.size };
  }

  #options(): ConstructorParameters<typeof B2bua>[0] {
    return { limits: LIMITS, applications: { echo }, route: () => this.decision };
  }

  #perhapsRestart(): void {
    if (!this.restarts()) return;
    const snapshot = JSON.parse(JSON.stringify(this.#b2bua.snapshot()));
    this.#b2bua = new B2bua(this.#options(), this.#random, snapshot);
  }

  #drain(): void {
    for (;;) {
      const output = this.#b2bua.poll();
      if (output === undefined) break;
      this.outputs.push(output);
      if (output.type === 'media-command') this.#waiting.push(output);
    }
    if (this.mediaAnswers) this.answerMedia();
  }

  #execute(output: Extract<B2buaOutput, { type: 'media-command' }>): void {
    const { process, id } = output;
    const reply = this.media.execute(output.command);
    this.#b2bua.handle({ type: 'media-reply', process, id, reply }, this.now);
    this.#drain();
  }
}

const BROWSER_CALLER: IncomingLeg = {
  leg: 'caller',
  signalling: 'janus',
  transport: WEBRTC,
  interface: 'loopback',
  local: true,
  from: { uri: 'sip:alice@127.0.0.1', displayName: 'Alice' },
  to: 'sip:bob@127.0.0.1:5070',
  offer: recorded('chromium-audio-offer'),
  headers: [],
  callId: 'call-1',
};

export const PHONE_CALLER: Partial<IncomingLeg> = {
  signalling: 'sip',
  transport: RTP,
  from: { uri: 'sip:phone@127.0.0.1' },
  offer: phoneSdp(),
  signallingAddress: '127.0.0.1',
};

export const NOTHING_LEFT = { calls: 0, legs: 0, timers: 0, commands: 0, media: 0 };

/** A browser's call to a phone, answered; what was told until then is forgotten. */
export function answeredCall(bench = new CallBench()): CallBench {
  bench.call();
  bench.tell(bench.callee(), { type: 'answered', sdp: phoneSdp(), fork: 'a', headers: [] });
  bench.told();
  return bench;
}
