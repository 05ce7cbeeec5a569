/** What the browser and the gateway measure of a call, as the page shows it. */

/** One way of a leg's media. */
export interface FlowFacts {
  readonly codec?: string;
  readonly packets: number;
  readonly lost: number;
  readonly jitterMs?: number;
}

export interface LegFacts {
  readonly sent?: FlowFacts;
  readonly received?: FlowFacts;
  readonly roundTripMs?: number;
}

/** A leg as the gateway tells of it; `received` is what the gateway gets from that party. */
export interface GatewayLeg extends LegFacts {
  readonly party: string;
  readonly own: boolean;
  readonly keying?: string;
}

export interface CallFacts {
  readonly browser: LegFacts;
  readonly legs: readonly GatewayLeg[];
}

type Report = { readonly [name: string]: unknown };

/** Reads what an RTCStatsReport says of the audio (Identifiers for WebRTC's Statistics API). */
export function browserFacts(reports: readonly Report[]): LegFacts {
  const audio = reports.filter((report) => report.kind === 'audio');
  const inbound = audio.find((report) => report.type === 'inbound-rtp');
  const outbound = audio.find((report) => report.type === 'outbound-rtp');
  const told = audio.find((report) => report.type === 'remote-inbound-rtp');
  const codecOf = (report: Report) => {
    const codec = reports.find((other) => other.id === report.codecId);
    return typeof codec?.mimeType === 'string'
      ? codec.mimeType.replace(/^audio\//i, '')
      : undefined;
  };
  return {
    sent: outbound && {
      codec: codecOf(outbound),
      packets: count(outbound.packetsSent),
      lost: count(told?.packetsLost),
      jitterMs: milliseconds(told?.jitter),
    },
    received: inbound && {
      codec: codecOf(inbound),
      packets: count(inbound.packetsReceived),
      lost: count(inbound.packetsLost),
      jitterMs: milliseconds(inbound.jitter),
    },
    roundTripMs: milliseconds(told?.roundTripTime),
  };
}

/** Lost packets of all that were sent, in percent; of received ones those that came are counted. */
export function lossPercent(flow: FlowFacts, way: 'sent' | 'received'): string {
  const lost = Math.max(0, flow.lost);
  const all = way === 'sent' ? flow.packets : flow.packets + lost;
  return `${(all === 0 ? 0 : (100 * lost) / all).toFixed(1)} %`;
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function milliseconds(seconds: unknown): number | undefined {
  return typeof seconds === 'number' ? Math.round(seconds * 1_000) : undefined;
}
