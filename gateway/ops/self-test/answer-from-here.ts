/** Reads and adapts the answer of the echo for a caller on the gateway's own machine. */

/** Each advertised address with the one it is bound to. */
export type BoundAddresses = readonly (readonly [advertised: string, bound: string])[];

/**
 * Puts the bound address for the advertised one in every candidate (RFC 8839 §5.1). Behind a 1:1
 * NAT few routers lead from the inside to the advertised address and back.
 */
export function answerFromHere(sdp: string, addresses: BoundAddresses): string {
  const boundTo = new Map(addresses);
  return sdp.replace(
    /^(a=candidate:\S+ \d+ \S+ \d+ )(\S+)/gm,
    (_, before: string, address: string) => `${before}${boundTo.get(address) ?? address}`,
  );
}

/** The first codec of the answer, as `a=rtpmap` names it (RFC 8866 §6.6). */
export function codecOf(sdp: string): string {
  const payloadType = /^m=audio \d+ \S+ (\d+)/m.exec(sdp)?.[1];
  const names = new Map(
    Array.from(sdp.matchAll(/^a=rtpmap:(\d+) (\S+)/gm), ([, type, name]) => [type, name]),
  );
  return names.get(payloadType) ?? 'an unknown codec';
}

/** Where the answer wants its packets, for whoever looks for what holds them. */
export function placesOf(sdp: string): string {
  const places = Array.from(
    sdp.matchAll(/^a=candidate:\S+ \d+ (\S+) \d+ (\S+) (\d+)/gm),
    ([, transport, address, port]) => `${address} port ${port}/${transport}`,
  );
  return [...new Set(places)].join(', ') || 'no address at all';
}
