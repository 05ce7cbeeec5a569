/**
 * Directions of media: narrowing an answer, putting on hold, taking off hold (RFC 3264 §6.1, §8.4).
 */
import type { MediaDirection } from './description.ts';

export function mediaDirection(sends: boolean, receives: boolean): MediaDirection {
  if (sends) return receives ? 'sendrecv' : 'sendonly';
  return receives ? 'recvonly' : 'inactive';
}

export function sends(direction: MediaDirection): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

export function receives(direction: MediaDirection): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

/** The same direction in the other side's view. */
export function reversed(direction: MediaDirection): MediaDirection {
  return mediaDirection(receives(direction), sends(direction));
}

/** What is left of our wish when the remote described `remote` (its view): the legal answer. */
export function narrowed(wish: MediaDirection, remote: MediaDirection): MediaDirection {
  return mediaDirection(sends(wish) && receives(remote), receives(wish) && sends(remote));
}

/** What to offer to put the other side on hold: we stop receiving (§8.4). */
export function held(direction: MediaDirection): MediaDirection {
  return mediaDirection(sends(direction), false);
}

/** What to offer to take a hold of ours back: we receive again. */
export function resumed(direction: MediaDirection): MediaDirection {
  return mediaDirection(sends(direction), true);
}

/** Whether a remote description puts us on hold: it wants nothing from us. */
export function holdsUs(remote: MediaDirection): boolean {
  return !receives(remote);
}
