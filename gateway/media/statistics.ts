/** A leg's figures as the media contract tells them. */
import type { LegStatistics, StreamStatistics } from '../media-contract/contract.ts';
import type { MediaLine } from './media-line.ts';
import type { Refusals } from './refusals.ts';
import type { ReceivedStream } from './relay/received-stream.ts';

export function statisticsOf(lines: readonly MediaLine[], refusals: Refusals): LegStatistics {
  return {
    received: lines.flatMap(({ media }) => media.streams.map(receivedStatistics)),
    sent: lines.filter(({ media }) => media.sent.packets > 0).map(sentStatistics),
    refused: refusals.toRecord(),
  };
}

function receivedStatistics(stream: ReceivedStream): StreamStatistics {
  const { reception, media, clockRate, codec, ssrc, bytes } = stream;
  return {
    mid: media.plan.mid,
    kind: media.plan.kind,
    codec,
    ssrc,
    packets: reception.received,
    bytes,
    lost: Math.max(0, reception.lost),
    jitterMs: (reception.jitterUnits * 1000) / clockRate,
  };
}

function sentStatistics({ media, peer }: MediaLine): StreamStatistics {
  const { sent, plan } = media;
  const base = {
    mid: plan.mid,
    kind: plan.kind,
    codec: media.sentCodec,
    ssrc: sent.ssrc,
    packets: sent.packets,
    bytes: sent.octets,
    lost: Math.max(0, peer.lost),
    jitterMs: (peer.jitterUnits * 1000) / sent.clockRate,
  };
  return peer.roundTripMs === undefined ? base : { ...base, roundTripMs: peer.roundTripMs };
}
