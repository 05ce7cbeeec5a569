/** The table of causes: SIP (RFC 3261 §21), Q.850 (by RFC 3398), Janus and HTTP words of each. */

/** What every face needs in order to say a cause in its own words. */
export interface CauseRow {
  /** The status and phrase for a SIP leg that has not been answered. */
  readonly sip: number;
  readonly reason: string;
  /** The Q.850 value of a Reason header (RFC 3326). */
  readonly q850: number;
  /** The status for an HTTP client that asked for what failed. */
  readonly http: number;
  /** The `reason` of Janus's core `hangup` event. */
  readonly janus: string;
}

function row(sip: number, reason: string, q850: number, http: number, janus: string): CauseRow {
  return { sip, reason, q850, http, janus };
}

export const CAUSES = {
  // Endings that nobody need regret.
  normal: row(480, 'Temporarily Unavailable', 16, 200, 'Close PC'),
  cancelled: row(487, 'Request Terminated', 16, 409, 'Close PC'),
  'answered-elsewhere': row(487, 'Request Terminated', 26, 409, 'Close PC'),

  // What the far party says.
  busy: row(486, 'Busy Here', 17, 409, 'Close PC'),
  declined: row(603, 'Decline', 21, 409, 'Close PC'),
  'no-answer': row(480, 'Temporarily Unavailable', 19, 504, 'Close PC'),
  unavailable: row(480, 'Temporarily Unavailable', 20, 409, 'Close PC'),
  'not-found': row(404, 'Not Found', 1, 404, 'Close PC'),
  gone: row(410, 'Gone', 22, 410, 'Close PC'),
  redirected: row(480, 'Temporarily Unavailable', 23, 409, 'Close PC'),
  'incomplete-address': row(484, 'Address Incomplete', 28, 400, 'Close PC'),

  // Policy and credentials.
  forbidden: row(403, 'Forbidden', 21, 403, 'Close PC'),
  'credentials-refused': row(403, 'Forbidden', 21, 403, 'Close PC'),
  'no-route': row(404, 'Not Found', 3, 404, 'Close PC'),

  // Requests that make no sense here.
  'bad-request': row(400, 'Bad Request', 111, 400, 'Close PC'),
  'bad-description': row(400, 'Bad Session Description', 111, 400, 'Close PC'),
  'not-acceptable': row(488, 'Not Acceptable Here', 65, 406, 'Close PC'),
  'encryption-required': row(488, 'Not Acceptable Here', 57, 406, 'Close PC'),
  'unsupported-media-type': row(415, 'Unsupported Media Type', 79, 415, 'Close PC'),
  'not-implemented': row(501, 'Not Implemented', 79, 501, 'Close PC'),
  'bad-extension': row(420, 'Bad Extension', 127, 400, 'Close PC'),
  'request-pending': row(491, 'Request Pending', 42, 409, 'Close PC'),
  'no-such-dialog': row(481, 'Call/Transaction Does Not Exist', 41, 404, 'Close PC'),
  loop: row(482, 'Loop Detected', 25, 508, 'Close PC'),
  'too-many-hops': row(483, 'Too Many Hops', 25, 508, 'Close PC'),

  // The network and the peers' machines.
  timeout: row(408, 'Request Timeout', 102, 504, 'Close PC'),
  'no-acknowledgement': row(408, 'Request Timeout', 102, 504, 'Close PC'),
  unreachable: row(503, 'Service Unavailable', 38, 502, 'Close PC'),
  'peer-failed': row(502, 'Bad Gateway', 41, 502, 'Close PC'),
  'server-timeout': row(504, 'Server Time-out', 102, 504, 'Close PC'),
  congestion: row(503, 'Service Unavailable', 42, 503, 'Close PC'),

  // Our own machine.
  'internal-error': row(500, 'Server Internal Error', 41, 500, 'Close PC'),
  'media-unavailable': row(503, 'Service Unavailable', 47, 503, 'Gateway error'),
  'media-process-lost': row(503, 'Service Unavailable', 41, 503, 'Gateway error'),
  'signalling-restarted': row(503, 'Service Unavailable', 41, 503, 'Gateway error'),
  shutdown: row(503, 'Service Unavailable', 41, 503, 'Gateway stopping'),

  // Media that failed.
  'ice-failed': row(480, 'Temporarily Unavailable', 27, 504, 'ICE failed'),
  'dtls-failed': row(480, 'Temporarily Unavailable', 27, 504, 'DTLS error'),
  'dtls-timeout': row(480, 'Temporarily Unavailable', 27, 504, 'DTLS timeout'),
  'fingerprint-mismatch': row(480, 'Temporarily Unavailable', 27, 403, 'DTLS error'),
  'media-failed': row(480, 'Temporarily Unavailable', 27, 500, 'Gateway error'),
  'media-timeout': row(480, 'Temporarily Unavailable', 27, 504, 'No media'),

  // Clients that left without a word.
  'media-closed': row(480, 'Temporarily Unavailable', 16, 410, 'DTLS alert'),
  'client-closed': row(480, 'Temporarily Unavailable', 16, 410, 'Close PC'),
  'client-timeout': row(480, 'Temporarily Unavailable', 27, 410, 'Close PC'),
} as const satisfies { readonly [name: string]: CauseRow };

export type CauseName = keyof typeof CAUSES;
