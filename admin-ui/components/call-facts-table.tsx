/** Codecs, loss, jitter and round trip of both legs of the call. */
import { type CallFacts, type FlowFacts, lossPercent } from '../phone/statistics.ts';

interface Row {
  readonly name: string;
  readonly flow: FlowFacts | undefined;
  /** Which end of the flow counted its packets. */
  readonly way: 'sent' | 'received';
}

export function CallFactsTable({ facts }: { readonly facts: CallFacts | undefined }) {
  if (facts === undefined) return null;
  const far = facts.legs.filter((leg) => !leg.own);
  const rows: readonly Row[] = [
    { name: 'You send', flow: facts.browser.sent, way: 'sent' },
    { name: 'You receive', flow: facts.browser.received, way: 'received' },
    ...far.flatMap((leg): Row[] => [
      { name: `${leg.party} sends`, flow: leg.received, way: 'received' },
      { name: `${leg.party} receives`, flow: leg.sent, way: 'sent' },
    ]),
  ];
  return (
    <section class="card">
      <table>
        <caption>This call</caption>
        <thead>
          <tr>
            <th scope="col">Direction</th>
            <th scope="col">Codec</th>
            <th scope="col">Loss</th>
            <th scope="col">Jitter</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, flow, way }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{flow?.codec ?? '–'}</td>
              <td>{flow === undefined ? '–' : lossPercent(flow, way)}</td>
              <td>{flow?.jitterMs === undefined ? '–' : `${flow.jitterMs} ms`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">
        {facts.browser.roundTripMs !== undefined &&
          `Round trip to the gateway: ${facts.browser.roundTripMs} ms. `}
        {far.map((leg) => KEYING_WORDS[leg.keying ?? '']).join(' ')}
      </p>
    </section>
  );
}

const KEYING_WORDS: { readonly [keying: string]: string } = {
  none: 'The way from the gateway to the other side is not encrypted.',
  sdes: 'The other side is encrypted with SDES.',
  dtls: 'The other side is encrypted with DTLS.',
};
