/** G.711 by the formulas of ITU-T G.191, apart from the product's own tables, to judge by. */

export function muLawToLinear(byte: number): number {
  const code = ~byte & 0xff;
  const exponent = (code >> 4) & 7;
  const magnitude = ((((code & 0x0f) << 3) + 0x84) << exponent) - 0x84;
  return code & 0x80 ? -magnitude : magnitude;
}

export function aLawToLinear(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const mantissa = ((code & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return code & 0x80 ? magnitude : -magnitude;
}

export function linearToMuLaw(sample: number): number {
  return nearest(sample, MU_LAW);
}

export function linearToALaw(sample: number): number {
  return nearest(sample, A_LAW);
}

const MU_LAW = sorted(muLawToLinear);
const A_LAW = sorted(aLawToLinear);

function sorted(decode: (byte: number) => number): readonly (readonly [number, number])[] {
  const pairs = Array.from({ length: 256 }, (_, byte) => [decode(byte), byte] as const);
  return pairs.sort((a, b) => a[0] - b[0]);
}

/** The code whose value is nearest, by bisection. */
function nearest(sample: number, table: readonly (readonly [number, number])[]): number {
  let low = 0;
  let high = table.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table[middle]?.[0] ?? 0) < sample) low = middle + 1;
    else high = middle;
  }
  const above = table[low] ?? [0, 0];
  const below = table[low - 1] ?? above;
  return sample - below[0] < above[0] - sample ? below[1] : above[1];
}
