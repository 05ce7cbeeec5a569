/** The Janus API's error codes, by the names that this face gives them. */
import type { Fault } from '../core/result.ts';
import type { JsonObject } from './json.ts';

export const API_ERRORS = {
  unauthorized: { code: 403, reason: 'Wrong or missing secret or token' },
  transport: { code: 450, reason: 'Not possible over this transport' },
  missingRequest: { code: 452, reason: 'No request' },
  unknownRequest: { code: 453, reason: 'Unknown request' },
  invalidJson: { code: 454, reason: 'Not JSON' },
  notAnObject: { code: 455, reason: 'Not a JSON object' },
  missingElement: { code: 456, reason: 'Missing mandatory element' },
  invalidPath: { code: 457, reason: 'Request does not fit its path' },
  noSuchSession: { code: 458, reason: 'No such session' },
  noSuchHandle: { code: 459, reason: 'No such handle in this session' },
  noSuchPlugin: { code: 460, reason: 'No such plugin' },
  attachFailed: { code: 461, reason: 'No more handles in this session' },
  unknownJsepType: { code: 464, reason: 'Unknown type of session description' },
  invalidSdp: { code: 465, reason: 'Session description cannot be used' },
  invalidElement: { code: 467, reason: 'Wrong type of element' },
  sessionInUse: { code: 468, reason: 'Session id is in use' },
  notAccepting: { code: 472, reason: 'No more sessions are accepted' },
} as const;

export type ApiErrorName = keyof typeof API_ERRORS;

/** The error object that answers a request; ids are given as far as they are known. */
export function apiError(
  name: ApiErrorName,
  known: { readonly transaction?: string; readonly session?: number },
  detail?: string,
): JsonObject {
  const { code, reason } = API_ERRORS[name];
  return {
    janus: 'error',
    session_id: known.session,
    transaction: known.transaction,
    error: { code, reason: detail === undefined ? reason : `${reason} (${detail})` },
  };
}

const ERROR_OF_FAULT: { readonly [code: string]: ApiErrorName } = {
  'field.missing': 'missingElement',
  'field.wrong_type': 'invalidElement',
  'jsep.type': 'unknownJsepType',
};

/** The error that a fault found in a request's members means. */
export function errorOfFault(fault: Fault): ApiErrorName {
  return ERROR_OF_FAULT[fault.code] ?? 'invalidElement';
}
