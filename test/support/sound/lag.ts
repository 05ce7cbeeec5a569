/** Measures by how much one recording lags behind another, by the loudness of both over time. */

/** Loudness in steps of one millisecond. */
const STEPS_PER_SECOND = 1_000;

/**
 * The lag of `heard` behind `sent` in milliseconds, from `least` to `most`, at which the loudness
 * of both agrees best (their correlation coefficient, over all of `sent` that `heard` covers), and
 * how well it does, from −1 to 1. The sound must not repeat itself within that range.
 */
export function lagMs(
  sent: Float32Array,
  heard: Float32Array,
  sampleRate: number,
  [least, most]: readonly [number, number],
): { readonly lagMs: number; readonly agreement: number } {
  const a = loudness(sent, sampleRate);
  const b = loudness(heard, sampleRate);
  let best = { lagMs: least, agreement: -1 };
  for (let lag = least; lag <= most; lag += 1) {
    const agreement = correlation(a, b, lag);
    if (agreement > best.agreement) best = { lagMs: lag, agreement };
  }
  return best;
}

/** The mean magnitude of each millisecond. */
function loudness(pcm: Float32Array, sampleRate: number): Float64Array {
  const width = sampleRate / STEPS_PER_SECOND;
  return Float64Array.from({ length: Math.floor(pcm.length / width) }, (_, step) => {
    let sum = 0;
    for (let i = step * width; i < (step + 1) * width; i += 1) sum += Math.abs(pcm[i] as number);
    return sum / width;
  });
}

/** Pearson's coefficient of `a[i]` and `b[i + lag]`. */
function correlation(a: Float64Array, b: Float64Array, lag: number): number {
  const from = Math.max(0, -lag);
  const to = Math.min(a.length, b.length - lag);
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let i = from; i < to; i += 1) {
    const u = a[i] as number;
    const v = b[i + lag] as number;
    n += 1;
    x += u;
    y += v;
    xx += u * u;
    yy += v * v;
    xy += u * v;
  }
  const spread = Math.sqrt((n * xx - x * x) * (n * yy - y * y));
  return spread > 0 ? (n * xy - x * y) / spread : -1;
}
