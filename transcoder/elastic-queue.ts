/**
 * A PCM queue whose contents can be made shorter or longer by whole pitch periods, continued where
 * nothing is there to play, and joined again with what comes: none of it breaks a tone's phase.
 */
import { Continuation, PAST_MS } from './continuation.ts';
import {
  findAlike,
  LONGEST_PITCH_MS,
  likenessAt,
  type Samples,
  SHORTEST_PITCH_MS,
} from './likeness.ts';

/** Two pieces of sound are blended over this long where they meet. */
const BLEND_MS = 5;
/** How much is compared to find where a period ends. */
const COMPARED_MS = 10;
/** A join is at the place nearest to the one asked for that is about as alike as the best. */
const ABOUT_AS_ALIKE = 0.03;
/** What `shorten` must find queued: what it may remove and what it compares. */
export const SHORTEN_NEEDS_MS = LONGEST_PITCH_MS + COMPARED_MS;

/** Everything is counted in samples of the rate that the queue was made for. */
export class ElasticQueue {
  readonly #perMs: number;
  readonly #blend: number;
  readonly #compared: number;
  readonly #shortest: number;
  readonly #longest: number;
  /** What was read stays before `#start`, as long as there is room. */
  readonly #past: number;
  readonly #samples: Int16Array;
  readonly #continuation: Continuation;
  readonly #peeked: Float32Array;
  #start: number;
  #end: number;
  /** What is written next doesn't follow what was written last. */
  #isCut = false;

  constructor(sampleRate: number, capacityMs: number) {
    this.#perMs = sampleRate / 1000;
    this.#blend = BLEND_MS * this.#perMs;
    this.#compared = COMPARED_MS * this.#perMs;
    this.#shortest = SHORTEST_PITCH_MS * this.#perMs;
    this.#longest = LONGEST_PITCH_MS * this.#perMs;
    this.#past = PAST_MS * this.#perMs;
    this.#samples = new Int16Array(this.#past + (capacityMs + LONGEST_PITCH_MS) * this.#perMs);
    this.#continuation = new Continuation(sampleRate);
    this.#peeked = new Float32Array(this.#longest + this.#blend);
    this.#start = this.#past;
    this.#end = this.#past;
  }

  /** Samples that can be read. */
  get available(): number {
    return this.#end - this.#start;
  }

  /**
   * Appends the first `count` samples of `pcm`. After `extend` or `cut` they are joined to what is
   * queued, and about `skip` of them left out, or so many invented before them if it is negative.
   */
  write(pcm: Int16Array, count: number, skip = 0): void {
    if (skip < 0) this.extend(-skip);
    this.#makeRoom(count + this.#longest);
    const left = this.#isCut ? this.#join(pcm, count, Math.max(0, skip)) : 0;
    const from = Math.max(0, left);
    for (let i = from; i < count; i += 1) this.#samples[this.#end + i - from] = pcm[i] as number;
    this.#end += count - from;
  }

  /** Invents `count` more samples, which fade if they go on for long. */
  extend(count: number): void {
    this.#makeRoom(count);
    this.cut();
    for (let i = 0; i < count; i += 1) {
      this.#samples[this.#end + i] = toSample(this.#continuation.peek(i));
    }
    this.#continuation.take(count);
    this.#end += count;
  }

  /** Something is missing here: what is written next is to be joined. */
  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#continuation.begin(this.#samples, this.#end);
  }

  /** Fills `out`; the caller has seen that so much is available. */
  read(out: Int16Array): void {
    for (let i = 0; i < out.length; i += 1) out[i] = this.#samples[this.#start + i] as number;
    this.#start += out.length;
  }

  /**
   * Takes out a pitch period of at most `most` samples, if two as alike as `likeness` (−1 to 1)
   * follow each other, from what is read next; gives how much that was.
   */
  shorten(most: number, likeness: number): number {
    const longest = Math.min(this.#longest, most, this.available - this.#compared);
    if (longest < this.#shortest) return 0;
    const from = this.#start + this.#shortest;
    const found = this.#findPeriod(from, this.#start + longest);
    if (found.likeness < likeness) return 0;
    this.#blendInto(found.at, this.#start, found.at);
    const removed = found.at - this.#start;
    this.#start = found.at;
    return removed;
  }

  /** Repeats a pitch period before what is read next; gives its length, 0 if nothing is alike. */
  lengthen(likeness: number): number {
    if (this.available < this.#compared) return 0;
    const found = this.#findPeriod(this.#start - this.#longest, this.#start - this.#shortest);
    if (found.likeness < likeness) return 0;
    const added = this.#start - found.at;
    const behind = this.#past + this.#start - found.at;
    this.#makeRoom(added, behind);
    const at = this.#start;
    this.#samples.copyWithin(at + added, at, this.#end);
    this.#end += added;
    for (let i = 0; i < added; i += 1) this.#samples[at + i] = this.#samples[at - added + i]!;
    this.#blendInto(at, at + added, at);
    return added;
  }

  clear(): void {
    this.#samples.fill(0);
    this.#start = this.#past;
    this.#end = this.#past;
    this.#isCut = false;
  }

  #findPeriod(from: number, to: number) {
    const piece = { samples: this.#samples, at: this.#start, length: this.#compared };
    return findAlike(piece, this.#samples, from, to, this.#perMs);
  }

  /** Lets the samples at `at` begin as those at `first` and become those at `second`. */
  #blendInto(at: number, first: number, second: number): void {
    for (let i = 0; i < this.#blend; i += 1) {
      const weight = (i + 1) / (this.#blend + 1);
      const before = this.#samples[first + i] as number;
      const after = this.#samples[second + i] as number;
      this.#samples[at + i] = Math.round(before * (1 - weight) + after * weight);
    }
  }

  /**
   * Finds where `pcm` goes on as the continuation does, blends the two there, and leaves the
   * blended samples in `pcm`. Gives how many samples of `pcm` are left out before that.
   */
  #join(pcm: Int16Array, count: number, skip: number): number {
    const blend = Math.min(this.#blend, count >> 1);
    const left = this.#placeToJoin(pcm, count, skip, blend);
    const invented = Math.max(0, -left);
    const from = Math.max(0, left);
    for (let i = 0; i < invented; i += 1) {
      this.#samples[this.#end + i] = toSample(this.#continuation.peek(i));
    }
    this.#end += invented;
    for (let i = 0; i < blend; i += 1) {
      const weight = (i + 1) / (blend + 1);
      const real = pcm[from + i] as number;
      pcm[from + i] = toSample(
        this.#continuation.peek(invented + i) * (1 - weight) + real * weight,
      );
    }
    this.#isCut = false;
    return left;
  }

  /** Half a period on either side of `skip` holds a place where the phases agree. */
  #placeToJoin(pcm: Int16Array, count: number, skip: number, blend: number): number {
    for (let i = 0; i < this.#peeked.length; i += 1) this.#peeked[i] = this.#continuation.peek(i);
    const half = this.#longest >> 1;
    const last = Math.min(skip + half, count - blend);
    const first = Math.max(Math.min(skip - half, last - 2 * half), -this.#longest);
    let most = Number.NEGATIVE_INFINITY;
    for (let left = first; left <= last; left += 1) {
      most = Math.max(most, this.#likenessOfJoin(pcm, left, blend));
    }
    let nearest = last;
    for (let left = first; left < last; left += 1) {
      if (Math.abs(left - skip) >= Math.abs(nearest - skip)) continue;
      const likeness = this.#likenessOfJoin(pcm, left, blend);
      if (likeness >= most - ABOUT_AS_ALIKE) nearest = left;
    }
    return nearest;
  }

  #likenessOfJoin(pcm: Samples, left: number, blend: number): number {
    const piece = { samples: this.#peeked, at: Math.max(0, -left), length: blend };
    return likenessAt(piece, pcm, Math.max(0, left));
  }

  /** Moves everything to the front, `kept` samples of the past included; drops the oldest. */
  #makeRoom(count: number, kept = this.#past): void {
    if (this.#end + count <= this.#samples.length) return;
    const from = Math.max(0, this.#start - kept);
    this.#samples.copyWithin(0, from, this.#end);
    this.#start -= from;
    this.#end -= from;
    const tooMany = this.#end + count - this.#samples.length;
    if (tooMany <= 0) return;
    this.#samples.copyWithin(0, tooMany, this.#end);
    this.#start = Math.max(this.#past, this.#start - tooMany);
    this.#end -= tooMany;
  }
}

function toSample(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
