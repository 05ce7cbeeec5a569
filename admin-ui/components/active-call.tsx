/** A call that is being made or is up: its state, its time, and what can be done with it. */
import { useEffect, useState } from 'preact/hooks';
import type { CallState } from '../phone/call-state.ts';
import type { Phone } from '../phone/phone.ts';
import { Keypad } from './keypad.tsx';
import { LevelMeter } from './level-meter.tsx';

type Active = Extract<CallState, { kind: 'preparing' | 'calling' | 'up' }>;

export function ActiveCall({ phone, call }: { readonly phone: Phone; readonly call: Active }) {
  return (
    <section class="card call" aria-label="Call">
      <p class="party">{call.party}</p>
      <p role="status">{wordsFor(call)}</p>
      {call.kind === 'up' && <Clock sinceMs={call.sinceMs} />}
      <LevelMeter />
      <div class="row">
        {call.kind === 'up' && (
          <>
            <button type="button" aria-pressed={call.muted} onClick={() => phone.mute(!call.muted)}>
              Mute
            </button>
            <button
              type="button"
              aria-pressed={call.held}
              disabled={call.party === 'Echo'}
              onClick={() => void phone.hold(!call.held)}
            >
              Hold
            </button>
          </>
        )}
        <button type="button" class="stop" onClick={() => void phone.hangUp()}>
          Hang up
        </button>
      </div>
      {call.kind === 'up' && <Keypad onDigit={(digit) => void phone.sendDigit(digit)} />}
    </section>
  );
}

function wordsFor(call: Active): string {
  switch (call.kind) {
    case 'preparing':
      return 'Opening the microphone…';
    case 'calling':
      return call.ringing ? 'It is ringing…' : 'Calling…';
    case 'up':
      if (!call.connected) return 'Connecting the sound…';
      if (call.held) return 'On hold';
      return call.muted ? 'Connected, your microphone is off' : 'Connected';
  }
}

function Clock({ sinceMs }: { readonly sinceMs: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - sinceMs) / 1_000));
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <p class="clock" role="timer" aria-live="off">
      {text}
    </p>
  );
}
