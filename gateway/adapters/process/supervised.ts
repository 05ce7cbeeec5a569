/** A supervised process's own side: heartbeats, a graceful stop, and an end when it is orphaned. */
import { flushCompileCache } from 'node:module';
import type { Log } from '../../core/log.ts';
import { type ChildMessage, HEARTBEAT_MS } from './child-contract.ts';

export interface SupervisedOptions {
  readonly log: Log;
  /** How long to go on when the supervisor itself is gone. */
  readonly orphanMs: number;
  /** Ends what is going on, with grace; the process exits when it resolves. */
  readonly stop: () => Promise<void>;
}

/** Begins the heartbeats. Returns what tells the supervisor that this process serves. */
export function beSupervised(options: SupervisedOptions): (facts?: { page?: string }) => void {
  let stopping = false;
  const stopOnce = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    options.log.info('process.stopping', { reason });
    options.stop().then(
      () => process.exit(0),
      (error: unknown) => crash(options.log, error),
    );
  };
  process.on('uncaughtException', (error) => crash(options.log, error));
  process.on('SIGTERM', () => stopOnce('asked'));
  // A terminal's Ctrl-C reaches every process; the supervisor decides in which order they stop.
  process.on('SIGINT', () => {
    if (!process.connected) stopOnce('interrupted');
  });
  process.on('disconnect', () => {
    options.log.warn('process.orphaned', { orphanMs: options.orphanMs });
    setTimeout(() => stopOnce('orphaned'), options.orphanMs);
  });
  if (process.connected) setInterval(() => tell({ type: 'heartbeat' }), HEARTBEAT_MS).unref();
  return (facts = {}) => {
    tell({ type: 'ready', ...facts });
    // Kept now, if it is kept at all, so that the process that replaces a killed one starts fast.
    flushCompileCache();
  };
}

function tell(message: ChildMessage): void {
  // The channel may close between the question and the send; the disconnection says it all then.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** Our own mistake: said once, with its place; the supervisor starts a fresh process. */
function crash(log: Log, error: unknown): never {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error('process.crashed', { stack });
  process.exit(1);
}
