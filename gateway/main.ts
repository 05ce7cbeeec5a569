/** The supervisor: starts signalling and media as siblings, watches, restarts and stops them. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import { warnings } from '../config/rules.ts';
import { SystemClock } from './adapters/clock/system-clock.ts';
import { readTextFile } from './adapters/files/read-text-file.ts';
import { processLog } from './adapters/log/process-log.ts';
import { EXIT_CONFIGURATION } from './adapters/process/child-contract.ts';
import { type ChildPlan, ChildProcesses } from './adapters/process/child-processes.ts';
import { mediaPlaces, runDirectory } from './adapters/process/media-places.ts';
import { ProcessFiles } from './adapters/process/process-files.ts';

const SIGNALLING = 'signalling';

/**
 * A young generation of 1 MB: its collections then pause the packet loop for 0.06 ms in the median
 * instead of up to 1.5 ms. Node's own code on large pages, where the kernel has them: a packet then
 * costs some percent less, and the process 40 MB more.
 */
const MEDIA_OPTIONS = ['--max-semi-space-size=1', '--use-largepages=silent'];

/** Two requests to stop within so long are one. */
const ECHO_MS = 500;

let stoppingSince: number | undefined;
let announced = false;

const loaded = loadConfiguration(process.env, readTextFile);
if (!loaded.ok) {
  process.stderr.write(`${loaded.fault.detail}\n`);
  process.exit(EXIT_CONFIGURATION);
}
const configuration = loaded.value;
const clock = new SystemClock();
const log = processLog('supervisor', configuration.log, clock);
for (const warning of warnings(configuration)) log.warn('configuration.warning', { warning });

const files = new ProcessFiles(runDirectory(configuration.dataDirectory));
const claimed = files.claim('supervisor', import.meta.filename);
if (!claimed.ok) {
  process.stderr.write(`Causeway is running already: ${claimed.fault.detail}\n`);
  process.exit(EXIT_CONFIGURATION);
}

const plans = planProcesses();
for (const { name, file } of plans) {
  const pid = await files.endLeftover(name, file);
  if (pid !== undefined) log.warn('process.leftover-ended', { name, pid });
}

const children = new ChildProcesses(plans, {
  clock,
  log,
  onReady: announce,
  onGaveUp: (name) => {
    log.error('process.gave-up', { name });
    void stopAll(EXIT_CONFIGURATION);
  },
  onProcess: (name, pid) => files.write(name, pid),
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stopAll(0));
}
children.start();

/**
 * Signalling first, so that calls end in order. A second request ends everything at once, unless it
 * is the first one's echo: a terminal's Ctrl-C comes from the terminal and from whoever started us.
 */
async function stopAll(exitCode: number): Promise<void> {
  if (stoppingSince !== undefined) {
    if (clock.now() - stoppingSince > ECHO_MS) children.kill();
    return;
  }
  stoppingSince = clock.now();
  log.info('gateway.stopping');
  await children.stop([SIGNALLING]);
  await children.stop(plans.map(({ name }) => name));
  files.write('supervisor', undefined);
  process.exit(exitCode);
}

function announce(page: string | undefined): void {
  log.info('gateway.ready', { page });
  if (announced || page === undefined) return;
  announced = true;
  process.stderr.write(`\n  Causeway is ready. The phone page: ${page}\n\n`);
}

function planProcesses(): ChildPlan[] {
  const { dataDirectory, media } = configuration;
  const places = mediaPlaces(dataDirectory, media.processes, availableParallelism());
  const file = (name: string): string => join(import.meta.dirname, name);
  return [
    ...places.map(({ id, index }) => ({
      name: `media-${id}`,
      file: file('media-process.ts'),
      args: [String(index)],
      execArgv: MEDIA_OPTIONS,
    })),
    {
      name: SIGNALLING,
      file: file('signalling-process.ts'),
      args: [],
      execArgv: [],
    },
  ];
}
