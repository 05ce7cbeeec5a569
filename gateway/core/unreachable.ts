/** The end of every switch over a union: a type error if a case is missing, a throw if one lies. */

export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
