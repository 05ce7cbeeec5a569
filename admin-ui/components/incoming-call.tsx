/** Somebody calls: answer or decline. */
import { useEffect, useRef } from 'preact/hooks';
import type { Phone } from '../phone/phone.ts';

interface IncomingCallProps {
  readonly phone: Phone;
  readonly name: string;
  readonly party: string;
}

export function IncomingCall({ phone, name, party }: IncomingCallProps) {
  const answer = useRef<HTMLButtonElement>(null);
  useEffect(() => answer.current?.focus(), []);
  return (
    <section class="card call" aria-label="Incoming call">
      <p role="alert" class="party">
        {name} is calling
      </p>
      {name !== party && <p class="hint">{party}</p>}
      <div class="row">
        <button ref={answer} type="button" class="go" onClick={() => void phone.answer()}>
          Answer
        </button>
        <button type="button" class="stop" onClick={() => void phone.decline()}>
          Decline
        </button>
      </div>
    </section>
  );
}
