/** The phone's call as one state, and the moves between states. */

export type CallState =
  | { readonly kind: 'idle'; readonly note?: string; readonly problem?: string }
  /** The microphone is being opened and the offer made. */
  | { readonly kind: 'preparing'; readonly party: string }
  | { readonly kind: 'calling'; readonly party: string; readonly ringing: boolean }
  | { readonly kind: 'incoming'; readonly party: string; readonly name: string }
  | {
      readonly kind: 'up';
      readonly party: string;
      readonly sinceMs: number;
      /** Whether sound can flow: ICE and DTLS are through. */
      readonly connected: boolean;
      readonly muted: boolean;
      readonly held: boolean;
    };

export type CallMove =
  | { readonly type: 'prepare'; readonly party: string }
  | { readonly type: 'call' }
  | { readonly type: 'ring' }
  | { readonly type: 'incoming'; readonly party: string; readonly name: string }
  | { readonly type: 'answer'; readonly nowMs: number; readonly connected: boolean }
  | { readonly type: 'connect'; readonly connected: boolean }
  | { readonly type: 'mute'; readonly muted: boolean }
  | { readonly type: 'hold'; readonly held: boolean }
  | { readonly type: 'end'; readonly note?: string; readonly problem?: string };

/** A move that makes no sense in a state leaves it as it is. */
export function step(state: CallState, move: CallMove): CallState {
  switch (move.type) {
    case 'prepare':
      if (state.kind !== 'idle' && state.kind !== 'incoming') return state;
      return { kind: 'preparing', party: move.party };
    case 'call':
      if (state.kind !== 'preparing') return state;
      return { kind: 'calling', party: state.party, ringing: false };
    case 'ring':
      return state.kind === 'calling' ? { ...state, ringing: true } : state;
    case 'incoming':
      if (state.kind !== 'idle') return state;
      return { kind: 'incoming', party: move.party, name: move.name };
    case 'answer':
      return answer(state, move);
    case 'connect':
      return state.kind === 'up' ? { ...state, connected: move.connected } : state;
    case 'mute':
      return state.kind === 'up' ? { ...state, muted: move.muted } : state;
    case 'hold':
      return state.kind === 'up' ? { ...state, held: move.held } : state;
    case 'end':
      return endOf(state, move);
  }
}

function answer(state: CallState, move: Extract<CallMove, { type: 'answer' }>): CallState {
  if (state.kind === 'idle' || state.kind === 'up') return state;
  return {
    kind: 'up',
    party: state.party,
    sinceMs: move.nowMs,
    connected: move.connected,
    muted: false,
    held: false,
  };
}

/** The first reason given is the one that is kept. */
function endOf(state: CallState, move: Extract<CallMove, { type: 'end' }>): CallState {
  if (state.kind === 'idle') return state;
  return { kind: 'idle', note: move.note, problem: move.problem };
}
