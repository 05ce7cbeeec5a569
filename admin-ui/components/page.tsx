/** The whole page: who it belongs to, the connection, the phone. */
import type { Phone } from '../phone/phone.ts';
import { Account } from './account.tsx';
import { ActiveCall } from './active-call.tsx';
import { CallFactsTable } from './call-facts-table.tsx';
import { Dialler } from './dialler.tsx';
import { IncomingCall } from './incoming-call.tsx';

export function Page({ phone }: { readonly phone: Phone }) {
  return (
    <>
      <header class="bar">
        <h1>Causeway</h1>
        <LineStatus phone={phone} />
      </header>
      <main>
        <CallArea phone={phone} />
        <CallFactsTable facts={phone.facts.value} />
        <Account phone={phone} />
      </main>
    </>
  );
}

const LINE_WORDS = {
  connecting: 'Connecting to the gateway…',
  online: 'Connected to the gateway',
  offline: 'The gateway cannot be reached. Trying again…',
} as const;

function LineStatus({ phone }: { readonly phone: Phone }) {
  const state = phone.line.value;
  return (
    <p class="status" role="status">
      <span class={`dot ${state}`} aria-hidden="true" />
      {LINE_WORDS[state]}
    </p>
  );
}

function CallArea({ phone }: { readonly phone: Phone }) {
  const call = phone.call.value;
  switch (call.kind) {
    case 'idle':
      return <Dialler phone={phone} note={call.note} problem={call.problem} />;
    case 'incoming':
      return <IncomingCall phone={phone} name={call.name} party={call.party} />;
    case 'preparing':
    case 'calling':
    case 'up':
      return <ActiveCall phone={phone} call={call} />;
  }
}
