/** Two ends of a call that talk to each other in numbered packets, and who heard what. */
import type { NumberedMedia } from '../../../support/attack/numbered-media.ts';
import { eventually } from '../../support/commands.ts';

/** A second of sound: enough to be sure that it flows. */
const FLOWING = 50;

export class Talk {
  readonly #ends: readonly [NumberedMedia, NumberedMedia];

  /** Both begin at once. */
  constructor(a: NumberedMedia, b: NumberedMedia) {
    this.#ends = [a, b];
    a.start();
    b.start();
  }

  /** Resolves once both have heard so many packets more. */
  async flows(packets = FLOWING): Promise<void> {
    const before = this.heard();
    await eventually('sound flows both ways', () => {
      return this.heard().every((heard, end) => heard >= (before[end] ?? 0) + packets) || undefined;
    });
  }

  /** Both fall silent; resolves once everything they said was heard, without a gap. */
  async endsComplete(): Promise<void> {
    this.stop();
    const [a, b] = this.#ends;
    const isAllHeard = () => b.heardFrom(a) === a.sent && a.heardFrom(b) === b.sent;
    await eventually('every packet arrives', () => isAllHeard() || undefined, 5_000).catch(
      (error: Error) => {
        const heard = `${b.heardFrom(a)} of ${a.sent}, ${a.heardFrom(b)} of ${b.sent}`;
        throw new Error(`${error.message}: ${heard}`);
      },
    );
  }

  /** Packets that either end missed among those that it heard. */
  gaps(): number {
    const [a, b] = this.#ends;
    return b.missedFrom(a) + a.missedFrom(b);
  }

  /** Packets that either end heard and the other did not make. */
  heardFromOthers(): number {
    const [a, b] = this.#ends;
    return b.heardFromOthersThan(a) + a.heardFromOthersThan(b);
  }

  stop(): void {
    for (const end of this.#ends) end.stop();
  }

  /** How many packets each end has heard of the other. */
  heard(): readonly number[] {
    const [a, b] = this.#ends;
    return [b.heardFrom(a), a.heardFrom(b)];
  }
}
