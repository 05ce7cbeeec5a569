/** The sounds of the phone itself: ringing here, and ringing there. */

interface Cadence {
  readonly hertz: readonly number[];
  readonly onSeconds: number;
  readonly everySeconds: number;
}

/** After ITU-T E.180: one second of tone, four of silence. */
const RINGBACK: Cadence = { hertz: [425], onSeconds: 1, everySeconds: 5 };
const RING: Cadence = { hertz: [880, 1_108], onSeconds: 0.6, everySeconds: 2.4 };
const LOUDNESS = 0.06;

export class Tones {
  #context: AudioContext | undefined;
  #repeat: ReturnType<typeof setInterval> | undefined;

  ringHere(): void {
    this.#play(RING);
  }

  ringThere(): void {
    this.#play(RINGBACK);
  }

  stop(): void {
    clearInterval(this.#repeat);
    this.#context?.close().catch(() => {});
    this.#context = undefined;
  }

  #play(cadence: Cadence): void {
    this.stop();
    const context = new AudioContext();
    this.#context = context;
    const burst = () => {
      const gain = context.createGain();
      gain.gain.value = LOUDNESS / cadence.hertz.length;
      gain.connect(context.destination);
      for (const frequency of cadence.hertz) {
        const oscillator = context.createOscillator();
        oscillator.frequency.value = frequency;
        oscillator.connect(gain);
        oscillator.start();
        oscillator.stop(context.currentTime + cadence.onSeconds);
      }
    };
    burst();
    this.#repeat = setInterval(burst, cadence.everySeconds * 1_000);
  }
}
