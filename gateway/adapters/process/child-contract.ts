/** What the supervisor and its processes say to each other over Node's own channel. */

/** How often a process tells that its event loop turns. */
export const HEARTBEAT_MS = 1000;

/**
 * Ended with this before it was ever ready, a process can't work as it is configured (a bad value,
 * a port taken): the supervisor gives up instead of trying for ever. `EX_CONFIG` of sysexits.h.
 */
export const EXIT_CONFIGURATION = 78;

/** From a process to its supervisor. */
export type ChildMessage =
  | { readonly type: 'heartbeat' }
  /** It serves. `page` is where people find the web page, if it serves that. */
  | { readonly type: 'ready'; readonly page?: string };

/** Takes what arrives on the channel for what it is, or for nothing. */
export function parseChildMessage(value: unknown): ChildMessage | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  if (value.type === 'heartbeat') return { type: 'heartbeat' };
  if (value.type !== 'ready') return undefined;
  const page = 'page' in value && typeof value.page === 'string' ? value.page : undefined;
  return { type: 'ready', ...(page === undefined ? {} : { page }) };
}
