/** Where each media process is: its name, its place in the row, its socket towards signalling. */
import { join } from 'node:path';

export interface MediaPlace {
  /** Prefix of every ICE ufrag that the process hands out. */
  readonly id: string;
  /** Its WebRTC port is the configured one plus this. */
  readonly index: number;
  /** Unix socket on which it serves the media contract. */
  readonly socket: string;
}

/** `processes` as configured, where 0 means all processors but one. */
export function mediaPlaces(
  dataDirectory: string,
  processes: number,
  processors: number,
): MediaPlace[] {
  const count = processes === 0 ? Math.max(1, processors - 1) : processes;
  return Array.from({ length: count }, (_, index) => ({
    id: `m${index}`,
    index,
    socket: join(runDirectory(dataDirectory), `media-${index}.sock`),
  }));
}

/** Sockets and process ids of a running gateway; nobody else may look into it. */
export function runDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'run');
}
