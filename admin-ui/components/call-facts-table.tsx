/** Codecs, loss, jitter and round trip of both legs of the call. */
import { type CallFacts, type FlowFacts, lossPercent } from '../phone/statistics.ts';

interface Row {
  readonly name: string;
  readonly flow: FlowFacts | undefined;
}

export function CallFactsTable({ facts }: { readonly facts: CallFacts | undefined }) {
  if (facts === undefined) return null;
  const far = facts.legs.filter((leg) => !leg.own);
  const rows: readonly Row[] = [
    { name: 'You send', flow: facts.browser.sent },
    { name: 'You receive', flow: facts.browser.received },
    ...far.flatMap((leg) => [
      { name: `${leg.party} sends`, flow: leg.received },
      { name: `${leg.party} receives`, flow: leg.sent },
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
          {rows.map(({ name, flow }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{flow?.codec ?? '–'}</td>
              <td>{flow === undefined ? '–' : lossPercent(flow)}</td>
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
