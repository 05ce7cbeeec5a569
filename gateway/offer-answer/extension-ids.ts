/**
 * Keeps the ids of header extensions what they were first said to be (RFC 8285 §5, RFC 9143 §8).
 */
import type { ExtensionBindings, HeaderExtension } from './description.ts';

/** What the one-byte form can carry; an extension that finds no id there is not offered. */
const LARGEST_OFFERED_ID = 14;

/** What ids mean after a remote has used some; one that is bound already keeps its meaning. */
export function noteExtensions(
  bindings: ExtensionBindings,
  seen: readonly HeaderExtension[],
): ExtensionBindings {
  const said = Object.fromEntries(seen.map(({ id, uri }) => [id, uri]));
  return { ...said, ...bindings };
}

/**
 * The extensions of an offer, each under the id that it has already, else the one it likes, else
 * any free one. Chromium 156 crashes when an id changes its meaning, even one that was refused.
 */
export function bindExtensions(
  bindings: ExtensionBindings,
  wishes: readonly HeaderExtension[],
): { readonly extensions: readonly HeaderExtension[]; readonly bindings: ExtensionBindings } {
  let bound = bindings;
  const extensions = wishes.flatMap(({ id: wish, uri }): HeaderExtension[] => {
    const before = Object.keys(bound).map(Number);
    const ids = Array.from({ length: LARGEST_OFFERED_ID }, (_, i) => i + 1);
    const id =
      before.find((one) => bound[one] === uri) ??
      [wish, ...ids].find((one) => bound[one] === undefined);
    if (id === undefined) return [];
    bound = { ...bound, [id]: uri };
    return [{ id, uri }];
  });
  return { extensions, bindings: bound };
}
