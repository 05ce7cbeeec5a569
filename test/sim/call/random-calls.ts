/** Calls whose every party acts at random under a seed: the load of the simulations here. */
import type { LegEvent, LegId } from '../../../gateway/call/leg-contract.ts';
import type { Decision } from '../../../gateway/routing/decision.ts';
import {
  BROWSER_TARGET,
  type CallBench,
  PHONE_CALLER,
  SIP_TARGET,
} from '../../support/call/call-bench.ts';
import { phoneSdp, recorded } from '../../support/call/peer-description.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

const DECISIONS: readonly Decision[] = [
  { type: 'call', targets: [SIP_TARGET], rule: 'one phone' },
  { type: 'call', targets: [BROWSER_TARGET], rule: 'one browser' },
  { type: 'call', targets: [SIP_TARGET, BROWSER_TARGET, SIP_TARGET], rule: 'three at once' },
  { type: 'application', application: 'echo', rule: 'the echo' },
  { type: 'reject', status: 404, reason: 'Not Found', rule: 'nobody' },
];

const HANG_UP: LegEvent = { type: 'ended', cause: { name: 'normal' }, headers: [] };

/** One seed's worth of life; afterwards every party has hung up or given up. */
export function liveThrough(bench: CallBench, seed: number, steps: number): void {
  const dice = new SeededRandom(seed);
  for (let step = 0; step < steps; step += 1) {
    bench.mediaAnswers = dice.next() < 0.8;
    if (dice.next() < 0.15) placeCall(bench, dice, `caller${step}`);
    else act(bench, dice);
    if (dice.next() < 0.5) bench.answerMedia();
    bench.pass(dice.below(dice.next() < 0.05 ? 30_000 : 300));
  }
  bench.mediaAnswers = true;
  bench.answerMedia();
  bench.give({ type: 'stop', cause: { name: 'shutdown' } });
  bench.pass(10_000);
  bench.answerMedia();
}

function placeCall(bench: CallBench, dice: SeededRandom, leg: LegId): void {
  bench.decision = DECISIONS[dice.below(DECISIONS.length)]!;
  const late = dice.next() < 0.2;
  if (dice.next() < 0.5) bench.call({ leg });
  else bench.call({ ...PHONE_CALLER, leg, ...(late && { offer: undefined }) });
}

/** Somebody, in some call, does something: sensible or not. */
function act(bench: CallBench, dice: SeededRandom): void {
  const legs = bench.machine.calls().flatMap(({ legs: each }) => each);
  const leg = legs[dice.below(legs.length)];
  if (leg === undefined) return;
  if (dice.next() < 0.1) {
    bench.mediaEvent(mediaEvents(leg.leg)[dice.below(4)]!);
    return;
  }
  const events = eventsOf(leg.transport.ice, dice.below(3));
  bench.tell(leg.leg, events[dice.below(events.length)]!);
}

function mediaEvents(leg: LegId) {
  return [
    { type: 'leg-connected', leg },
    { type: 'leg-source-locked', leg, rank: 1 },
    { type: 'leg-closed-by-peer', leg },
    { type: 'leg-failed', leg, failure: 'ice-failed', detail: 'simulated' },
  ] as const;
}

function eventsOf(browser: boolean, variant: number): LegEvent[] {
  const codecs = [['pcmu'], ['pcma', 'pcmu'], ['opus', 'pcmu']][variant] as ('pcmu' | 'pcma')[];
  const sdp = browser ? recorded('chromium-audio-answer') : phoneSdp({ codecs });
  const held = phoneSdp({ codecs, direction: 'inactive', version: 2 });
  const headers = [] as const;
  const fork = `fork${variant}`;
  return [
    { type: 'trying' },
    { type: 'ringing', headers },
    { type: 'progress', sdp, fork, headers },
    { type: 'answered', sdp, fork, headers },
    { type: 'answered', fork, headers },
    { type: 'rejected', cause: { name: 'busy', sip: { status: 486, reason: 'Busy' } }, headers },
    { type: 'confirmed', sdp },
    { type: 'confirmed' },
    { type: 'reoffered', sdp: browser ? recorded('chromium-ice-restart-offer') : held },
    { type: 'reoffered' },
    { type: 'reanswered', sdp },
    { type: 'reoffer-rejected', cause: { name: 'request-pending' }, retryAfterMs: 500 },
    { type: 'hold', direction: 'sendonly' },
    { type: 'resume' },
    { type: 'dtmf', digit: '1', durationMs: 100 },
    { type: 'cancelled', cause: { name: 'cancelled' } },
    HANG_UP,
  ];
}
