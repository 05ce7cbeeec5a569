/** Under which address this phone is reached, and changing it. */
import { useState } from 'preact/hooks';
import { readableAddress } from '../phone/address.ts';
import type { AccountState, Phone } from '../phone/phone.ts';

export function Account({ phone }: { readonly phone: Phone }) {
  const [name, setName] = useState(readableAddress(phone.ownAddress, phone.host));
  const [password, setPassword] = useState('');
  const register = (event: Event) => {
    event.preventDefault();
    if (name.trim() !== '') void phone.register(name, password);
  };
  return (
    <section class="card">
      <p role="status">{wordsFor(phone.account.value)}</p>
      <details>
        <summary>Change your address</summary>
        <form onSubmit={register}>
          <label for="name">Name or SIP address</label>
          <input
            id="name"
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <label for="password">Password, if you have an account</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
          <button type="submit" disabled={phone.call.value.kind !== 'idle'}>
            Use this address
          </button>
        </form>
      </details>
    </section>
  );
}

function wordsFor(account: AccountState): string {
  switch (account.kind) {
    case 'none':
      return 'This phone has no address yet.';
    case 'registering':
      return `Registering ${account.address}…`;
    case 'registered':
      return `You can be called at ${account.address}`;
    case 'failed':
      return account.problem;
  }
}
