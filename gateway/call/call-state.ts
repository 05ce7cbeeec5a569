/** The states of a call and every move between them. */

export type CallState = 'setting-up' | 'ringing' | 'early' | 'answered' | 'ending' | 'ended';

export type CallMove =
  /** A branch rings. */
  | 'rang'
  /** A branch sends media before it answers. */
  | 'progressed'
  | 'answered'
  /** Some side or the gateway ends the call; its media is being closed. */
  | 'ending'
  /** All media is closed, or nobody is left who could close it. */
  | 'closed';

const MOVES: { readonly [state in CallState]: { readonly [move in CallMove]?: CallState } } = {
  'setting-up': {
    rang: 'ringing',
    progressed: 'early',
    answered: 'answered',
    ending: 'ending',
  },
  ringing: { rang: 'ringing', progressed: 'early', answered: 'answered', ending: 'ending' },
  // 180 after 183 with SDP keeps the media (RFC 3960 §3.1 leaves the choice to the UAC).
  early: { rang: 'early', progressed: 'early', answered: 'answered', ending: 'ending' },
  answered: { ending: 'ending' },
  ending: { closed: 'ended' },
  ended: {},
};

/** The state after a move; undefined where the move is impossible. */
export function nextCallState(state: CallState, move: CallMove): CallState | undefined {
  return MOVES[state][move];
}
