/** Arbitraries that damage real messages: purely random ones rarely get past a first check. */
import fc from 'fast-check';

/** What is done to a message at one place. */
type Damage =
  | { readonly kind: 'set'; readonly at: number; readonly value: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'remove'; readonly at: number; readonly count: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly count: number };

const place = fc.double({ min: 0, max: 1, noNaN: true });
const count = fc.integer({ min: 1, max: 40 });
const damage: fc.Arbitrary<Damage> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('set' as const), at: place, value: fc.nat(255) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: place, count }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), at: place, count }) },
);

/** One of `seeds`, damaged in up to eight places, or any octets at all. */
export function damagedOctets(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const damaged = fc
    .tuple(fc.constantFrom(...seeds), fc.array(damage, { maxLength: 8 }))
    .map(([seed, damages]) => damages.reduce(apply, seed.slice()));
  return fc.oneof(
    { weight: 9, arbitrary: damaged },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 600 }) },
  );
}

/** The same for text; octets become characters of the same code. */
export function damagedText(seeds: readonly string[]): fc.Arbitrary<string> {
  const octets = seeds.map((seed) => Uint8Array.from(Buffer.from(seed, 'latin1')));
  return damagedOctets(octets).map((bytes) => Buffer.from(bytes).toString('latin1'));
}

function apply(bytes: Uint8Array, done: Damage): Uint8Array {
  const at = Math.floor(done.at * bytes.length);
  switch (done.kind) {
    case 'set':
      return bytes.length === 0 ? bytes : bytes.with(Math.min(at, bytes.length - 1), done.value);
    case 'cut':
      return bytes.slice(0, at);
    case 'remove':
      return joined(bytes.subarray(0, at), bytes.subarray(at + done.count));
    case 'repeat':
      return joined(bytes.subarray(0, at + done.count), bytes.subarray(at));
  }
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
