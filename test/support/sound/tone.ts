/** Makes tones to send. */

/** `seconds` of a sine at `hz`, peak `amplitude` (0 to 1), as 16-bit PCM. */
export function tonePcm(
  hz: number,
  seconds: number,
  sampleRate: number,
  amplitude = 0.3,
): Int16Array {
  const step = (2 * Math.PI * hz) / sampleRate;
  const length = Math.round(seconds * sampleRate);
  return Int16Array.from({ length }, (_, i) => Math.round(32767 * amplitude * Math.sin(step * i)));
}

export function toFloat(pcm: Int16Array): Float32Array {
  return Float32Array.from(pcm, (sample) => sample / 32768);
}
