/** Where a call begins: an address, or the echo. */
import { useState } from 'preact/hooks';
import type { Phone } from '../phone/phone.ts';

interface DiallerProps {
  readonly phone: Phone;
  readonly note?: string | undefined;
  readonly problem?: string | undefined;
}

export function Dialler({ phone, note, problem }: DiallerProps) {
  const [address, setAddress] = useState('');
  const online = phone.line.value === 'online';
  const call = (event: Event) => {
    event.preventDefault();
    if (address.trim() !== '') void phone.callAddress(address);
  };
  return (
    <section class="card" aria-label="Make a call">
      <p class="outcome" role="status">
        {problem === undefined && note}
      </p>
      <p class="problem" role="alert">
        {problem}
      </p>
      <form onSubmit={call}>
        <label for="address">Call a name, a number or a SIP address</label>
        <div class="row">
          <input
            id="address"
            name="address"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            placeholder="sip:name@example.org"
            value={address}
            onInput={(event) => setAddress(event.currentTarget.value)}
          />
          <button type="submit" class="go" disabled={!online || address.trim() === ''}>
            Call
          </button>
        </div>
      </form>
      <button type="button" disabled={!online} onClick={() => void phone.callEcho()}>
        Call the echo
      </button>
      <p class="hint">The echo sends your own voice back, to try the sound.</p>
    </section>
  );
}
