/** The file's snake_case keys as the program's camelCase ones, in values and in types. */

export type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** Keys of plain objects change, at any depth; class instances (secrets, patterns) stay whole. */
export type CamelCased<T> = T extends readonly (infer Element)[]
  ? readonly CamelCased<Element>[]
  : T extends { readonly reveal: unknown } | RegExp
    ? T
    : T extends object
      ? {
          readonly [Key in keyof T as Key extends string ? CamelCase<Key> : Key]: CamelCased<
            T[Key]
          >;
        }
      : T;

export function camelCased<T>(value: T): CamelCased<T> {
  return rename(value) as CamelCased<T>;
}

/** Depth is bounded by the schema that the value has passed. */
function rename(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rename);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [camelKey(key), rename(inner)]),
  );
}

function camelKey(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
