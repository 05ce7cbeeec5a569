/** The faults that a media process can be given, and how to ask for one. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';

/**
 * `throw`: a mistake of ours while the newest keyed leg's packet is handled · `stale-path`,
 * `stale-key`: the newest path or key is gone when it is used · `full-queue`: more is sent at once
 * than the queue takes · `throw-outside`: a mistake that belongs to no leg.
 */
const NATIVE_FAULTS = ['throw', 'stale-path', 'stale-key', 'full-queue', 'throw-outside'] as const;
export type NativeFault = (typeof NATIVE_FAULTS)[number];

export function isNativeFault(name: string): name is NativeFault {
  return NATIVE_FAULTS.some((fault) => fault === name);
}

/** The environment of a process that is to have faults. */
export function faultyEnvironment(socketPath: string): { readonly [name: string]: string } {
  return {
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'fixtures/native-faults.ts')}`,
    NATIVE_FAULTS_SOCKET: socketPath,
  };
}

/** Resolves when the process knows; the fault happens with the next packet that it fits. */
export async function injectFault(socketPath: string, fault: NativeFault): Promise<void> {
  const socket = connect(socketPath);
  await once(socket, 'connect');
  socket.write(fault);
  await once(socket, 'data');
  socket.destroy();
}
