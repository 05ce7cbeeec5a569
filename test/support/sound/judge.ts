/** Judges received sound: is the expected tone there, alone, clean and without a break? */
import { measureTone, sinadDb, strongestNear } from './spectrum.ts';

export interface ToneVerdict {
  /** Seconds of sound that were judged, after leading silence and settling. */
  readonly seconds: number;
  readonly frequencyHz: number;
  readonly levelDb: number;
  /** Level of the tone that must not be heard (one's own), in decibels. */
  readonly otherLevelDb: number;
  /** Median over windows of 100 ms. */
  readonly sinadDb: number;
  /** The worst window's. */
  readonly worstSinadDb: number;
  /**
   * Steps of the tone's phase between neighbouring windows of 100 ms beyond `PHASE_STEP_RADIANS`.
   */
  readonly phaseJumps: number;
  readonly problems: readonly string[];
}

export interface ToneExpectation {
  readonly hz: number;
  readonly otherHz: number;
  /** How much sound there must be, after settling. */
  readonly seconds: number;
  readonly minimumSinadDb?: number;
  readonly allowedPhaseJumps?: number;
}

const WINDOW_SECONDS = 0.1;
const SETTLING_SECONDS = 0.7;
const HEARD_DB = -45;
const LEVEL_MINIMUM_DB = -35;
const OTHER_MAXIMUM_DB = -40;
const SINAD_MINIMUM_DB = 25;
const FREQUENCY_TOLERANCE_HZ = 2;
/**
 * A repeated or dropped 20 ms of a tone moves its phase by a random angle; drift moves it slowly.
 */
const PHASE_STEP_RADIANS = 0.5;

/**
 * Judges `pcm` (−1 to 1, mono). The judged part begins where the tone is first heard and settling
 * has passed, and lasts `expectation.seconds`. An empty `problems` is a pass.
 */
export function judgeTone(
  pcm: Float32Array,
  sampleRate: number,
  expectation: ToneExpectation,
): ToneVerdict {
  const judged = judgedPart(pcm, sampleRate, expectation);
  const windows = windowsOf(judged, sampleRate);
  if (windows.length < 2) return silence(judged.length / sampleRate, expectation);
  const frequencyHz = strongestNear(middleOf(judged, sampleRate), sampleRate, expectation.hz, 30);
  const sinads = windows
    .map((window) => sinadDb(window, sampleRate, frequencyHz))
    .sort((a, b) => a - b);
  const verdict = {
    seconds: judged.length / sampleRate,
    frequencyHz,
    levelDb: measureTone(judged, sampleRate, frequencyHz).levelDb,
    otherLevelDb: measureTone(judged, sampleRate, expectation.otherHz).levelDb,
    sinadDb: sinads[sinads.length >> 1] ?? 0,
    worstSinadDb: sinads[0] ?? 0,
    phaseJumps: countPhaseJumps(windows, sampleRate, frequencyHz),
  };
  return { ...verdict, problems: problemsOf(verdict, expectation) };
}

function judgedPart(
  pcm: Float32Array,
  sampleRate: number,
  expectation: ToneExpectation,
): Float32Array {
  const window = Math.round(WINDOW_SECONDS * sampleRate);
  let start = 0;
  while (start + window <= pcm.length) {
    const { levelDb } = measureTone(
      pcm.subarray(start, start + window),
      sampleRate,
      expectation.hz,
    );
    if (levelDb > HEARD_DB) break;
    start += window;
  }
  const from = start + Math.round(SETTLING_SECONDS * sampleRate);
  return pcm.subarray(from, from + Math.round(expectation.seconds * sampleRate));
}

function windowsOf(pcm: Float32Array, sampleRate: number): Float32Array[] {
  const length = Math.round(WINDOW_SECONDS * sampleRate);
  const count = Math.floor(pcm.length / length);
  return Array.from({ length: count }, (_, i) => pcm.subarray(i * length, (i + 1) * length));
}

/** Half a second from the middle: long enough for the frequency, short enough to survive drift. */
function middleOf(pcm: Float32Array, sampleRate: number): Float32Array {
  const from = Math.max(0, Math.floor(pcm.length / 2 - sampleRate / 4));
  return pcm.subarray(from, from + sampleRate / 2);
}

function countPhaseJumps(windows: readonly Float32Array[], sampleRate: number, hz: number): number {
  const phases = windows.map((window) => measureTone(window, sampleRate, hz).phase);
  const advance = 2 * Math.PI * hz * WINDOW_SECONDS;
  const steps = phases.slice(1).map((phase, i) => wrap(phase - (phases[i] ?? 0) - advance));
  const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  return steps.filter((step) => Math.abs(wrap(step - usual)) > PHASE_STEP_RADIANS).length;
}

function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

function problemsOf(
  verdict: Omit<ToneVerdict, 'problems'>,
  expectation: ToneExpectation,
): readonly string[] {
  const minimumSinad = expectation.minimumSinadDb ?? SINAD_MINIMUM_DB;
  const problems: string[] = [];
  const say = (wrong: boolean, text: string) => wrong && problems.push(text);
  const round = (value: number) => value.toFixed(1);
  say(
    verdict.seconds < expectation.seconds - WINDOW_SECONDS,
    `only ${round(verdict.seconds)} s heard`,
  );
  say(verdict.levelDb < LEVEL_MINIMUM_DB, `level ${round(verdict.levelDb)} dB`);
  const off = Math.abs(verdict.frequencyHz - expectation.hz);
  say(off > FREQUENCY_TOLERANCE_HZ, `${round(verdict.frequencyHz)} Hz, not ${expectation.hz}`);
  say(verdict.otherLevelDb > OTHER_MAXIMUM_DB, `own tone at ${round(verdict.otherLevelDb)} dB`);
  say(verdict.sinadDb < minimumSinad, `SINAD ${round(verdict.sinadDb)} dB`);
  const jumps = verdict.phaseJumps;
  say(jumps > (expectation.allowedPhaseJumps ?? 0), `${jumps} phase jumps`);
  return problems;
}

function silence(seconds: number, expectation: ToneExpectation): ToneVerdict {
  return {
    seconds,
    frequencyHz: 0,
    levelDb: Number.NEGATIVE_INFINITY,
    otherLevelDb: Number.NEGATIVE_INFINITY,
    sinadDb: 0,
    worstSinadDb: 0,
    phaseJumps: 0,
    problems: [`no tone of ${expectation.hz} Hz heard`],
  };
}
