/** Progress at the terminal: one line a step, with the time it took. */

const DOING = '·';
const DONE = '✓';
const FAILED = '✗';

/** Something that the reader can act on: printed as it is, without a stack. */
export class Refusal extends Error {}

/**
 * Runs one step. `work` returns a note ("unchanged", "17 there") or nothing, or `{ note, failed }`;
 * the line is printed when it ends, and on a terminal before too, so that a long step is seen.
 * @param {string} title
 * @param {() => unknown} work
 * @param {(text: string) => unknown} write
 */
export async function step(title, work, write = (text) => process.stderr.write(text)) {
  const started = process.hrtime.bigint();
  const live = process.stderr.isTTY === true;
  if (live) write(`${DOING} ${title} …`);
  const line = (mark, note) => {
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    const text = `${mark} ${title.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s  ${note ?? ''}`;
    write(`${live ? '\r\x1b[2K' : ''}${text.trimEnd()}\n`);
  };
  try {
    const outcome = (await work()) ?? '';
    if (typeof outcome === 'string') line(DONE, outcome);
    else line(outcome.failed ? FAILED : DONE, outcome.note);
  } catch (error) {
    line(FAILED);
    throw error;
  }
}

/** Runs a script's main function; a refusal is told in its own words, and the exit code is 1. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    process.stderr.write(`\n${error instanceof Refusal ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
