/** What a gateway may still hold once a call is over: nothing, but ports that drain. */
import type { Census, Counts, RunningGateway } from '../../../support/gateway/running-gateway.ts';

/** A gateway that no call has touched yet. */
export interface Rest {
  readonly signallingDescriptors: number;
  readonly mediaDescriptors: number;
}

/** Only ports that carried media rest longer, and transactions that absorb what comes late. */
const SETTLES_MS = 10_000;
/** 64 × T1 of RFC 3261 and the longest drain of a quiet port, both about half a minute. */
const FADES_MS = 50_000;
const SOCKETS_PER_PAIR = 2;
/** Whoever has a call only, not whoever is signed on. */
const STANDING = ['accounts', 'bindings', 'registrations'];
/** Outlive a call by 64 × T1, so that messages that are repeated find an answer. */
const LINGERING = ['transactions', 'timers', 'requests'];

export async function restOf(gateway: RunningGateway): Promise<Rest> {
  const { signalling, media } = await gateway.census();
  return {
    signallingDescriptors: signalling.descriptors,
    mediaDescriptors: media[0]?.descriptors ?? 0,
  };
}

/** Resolves once no call, leg, dialog, session, handle or descriptor is left. */
export async function callsAreGone(gateway: RunningGateway, rest: Rest): Promise<void> {
  await gateway.censusWhere((census) => holdsNoCall(census, rest), SETTLES_MS);
}

/** Resolves once transactions, timers and draining ports are gone as well. */
export async function everythingIsGone(gateway: RunningGateway, rest: Rest): Promise<Census> {
  return gateway.censusWhere((census) => {
    const { signalling, media } = census;
    const isDrained = media.every(({ portsDraining, timers }) => portsDraining + timers === 0);
    return holdsNoCall(census, rest) && isDrained && sum(signalling.sip, []) === 0;
  }, FADES_MS);
}

function holdsNoCall({ signalling, media }: Census, rest: Rest): boolean {
  const { calls, sip, janus, descriptors } = signalling;
  const living = sum(calls, STANDING) + sum(sip, [...STANDING, ...LINGERING]) + sum(janus, []);
  return (
    living === 0 &&
    descriptors === rest.signallingDescriptors &&
    media.every((process) => {
      const draining = process.portsDraining;
      const held = process.sessions + process.legs + process.portsInUse;
      const expected = rest.mediaDescriptors + draining * SOCKETS_PER_PAIR;
      return held === 0 && process.timers === draining && process.descriptors === expected;
    })
  );
}

function sum(counts: Counts, except: readonly string[]): number {
  return Object.entries(counts)
    .filter(([name]) => !except.includes(name))
    .reduce((total, [, count]) => total + count, 0);
}
