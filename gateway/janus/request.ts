/** Reads the envelope that every request of the Janus API shares. */

import { type ApiErrorName, apiError } from './error-codes.ts';
import {
  isJsonObject,
  isNestedDeeper,
  type JsonObject,
  type JsonValue,
  MAX_NESTING,
  readShape,
} from './json.ts';

export interface ApiRequest {
  /** Lower case. */
  readonly verb: string;
  readonly transaction: string;
  readonly session?: number;
  readonly handle?: number;
  readonly apiSecret?: string;
  readonly token?: string;
  /** The whole request, for what the verb itself reads. */
  readonly body: JsonObject;
}

export type ReadRequest =
  | { readonly ok: true; readonly request: ApiRequest }
  | { readonly ok: false; readonly answer: JsonObject };

/** Reads a request, its ids from the HTTP path, from the body, or from both if they agree. */
export function readRequest(
  text: string,
  path: { readonly session?: number; readonly handle?: number } = {},
): ReadRequest {
  const value = parseJson(text);
  if (value === undefined) return refuse('invalidJson', {});
  if (isNestedDeeper(value, MAX_NESTING)) return refuse('invalidJson', {}, 'nested too deeply');
  if (!isJsonObject(value)) return refuse('notAnObject', {});
  const read = readShape(value, {
    janus: 'string!',
    transaction: 'string!',
    session_id: 'integer',
    handle_id: 'integer',
    apisecret: 'string',
    token: 'string',
  });
  const known = { transaction: textOf(value, 'transaction'), session: path.session };
  if (!read.ok) {
    const missing = read.fault.code === 'field.missing';
    return refuse(missing ? 'missingElement' : 'invalidElement', known, read.fault.detail);
  }
  const { janus, transaction, session_id, handle_id, apisecret, token } = read.value;
  if (disagree(path.session, session_id) || disagree(path.handle, handle_id)) {
    return refuse('invalidPath', known);
  }
  return {
    ok: true,
    request: {
      verb: janus.toLowerCase(),
      transaction,
      session: path.session ?? session_id,
      handle: path.handle ?? handle_id,
      apiSecret: apisecret,
      token,
      body: value,
    },
  };
}

function refuse(
  name: ApiErrorName,
  known: { readonly transaction?: string; readonly session?: number },
  detail?: string,
): ReadRequest {
  return { ok: false, answer: apiError(name, known, detail) };
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function textOf(object: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function disagree(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}
