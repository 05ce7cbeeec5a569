/**
 * Puts together what one accepted m-line comes to, the same for offers and answers (RFC 3264 §7).
 */
import type { AgreedTransport } from './agreed-transport.ts';
import type {
  AgreedMedia,
  Codec,
  HeaderExtension,
  LocalMedia,
  MediaDirection,
  RemoteMedia,
  TelephoneEvent,
  TransportKind,
} from './description.ts';

/** The parts that offering and answering find in different ways. */
export interface Agreement {
  readonly line: RemoteMedia;
  readonly local: LocalMedia;
  readonly transport: AgreedTransport;
  readonly transportKind: TransportKind;
  readonly direction: MediaDirection;
  /** With the remote's payload types, pair by pair with `receiveCodecs`. */
  readonly sendCodecs: readonly Codec[];
  readonly receiveCodecs: readonly Codec[];
  readonly extensions: readonly HeaderExtension[];
  /** The m-lines accepted before this one. */
  readonly earlier: readonly AgreedMedia[];
}

export function agreedMedia(agreement: Agreement): AgreedMedia {
  const { line, local, transport, receiveCodecs } = agreement;
  const carrier = agreement.earlier.find((media) => sharesTransport(media, local));
  const feedback = agreement.sendCodecs.map((codec, i) =>
    codec.feedback.filter((value) => receiveCodecs[i]!.feedback.includes(value)),
  );
  const sendCodecs = agreement.sendCodecs.map((codec, i) => ({ ...codec, feedback: feedback[i]! }));
  return {
    index: line.index,
    kind: line.kind,
    ...(line.mid !== undefined && { mid: line.mid }),
    direction: agreement.direction,
    transportKind: {
      ...agreement.transportKind,
      rtcp: transport.local.mux ? 'mux' : 'pair',
    },
    rtcpFeedback: line.rtcpFeedback,
    sendCodecs,
    receiveCodecs: receiveCodecs.map((codec, i) => ({ ...codec, feedback: feedback[i]! })),
    telephoneEvents: telephoneEvents(sendCodecs, receiveCodecs),
    extensions: agreement.extensions,
    extensionsMixed: line.extensionsMixed,
    ...packetTimes(line, local),
    reducedSizeRtcp: line.reducedSizeRtcp,
    local: transport.local,
    remote: carrier ? { ...carrier.remote, crypto: transport.remote.crypto } : transport.remote,
    ...(carrier && { bundledInto: carrier.index }),
    ...(local.source && { localSource: local.source }),
    remoteSources: line.sources,
    remoteStreams: line.streams,
    ...(line.bandwidthBps !== undefined && { bandwidthBps: line.bandwidthBps }),
  };
}

/** Whether `local` names the transport that an accepted m-line uses already. */
export function sharesTransport(media: AgreedMedia, local: LocalMedia): boolean {
  const { address, rtpPort } = local.transport;
  return media.local.rtpPort === rtpPort && media.local.address === address;
}

/** Our parameters of a codec, with those that every description of ours carries (RFC 7587 §6.1). */
export function requiredParameters(codec: Codec): Codec['parameters'] {
  return codec.name === 'opus' ? { ...codec.parameters, useinbandfec: '1' } : codec.parameters;
}

function telephoneEvents(send: readonly Codec[], receive: readonly Codec[]): TelephoneEvent[] {
  return send.flatMap(({ name, clockRate, payloadType }, i) =>
    name === 'telephone-event'
      ? [{ clockRate, sendPayloadType: payloadType, receivePayloadType: receive[i]!.payloadType }]
      : [],
  );
}

/** The packet time to send with: what the remote wishes, else our own, within its maximum. */
function packetTimes(
  line: RemoteMedia,
  local: LocalMedia,
): Pick<AgreedMedia, 'ptimeMs' | 'maxPtimeMs'> {
  const { maxPtimeMs } = line;
  const wish = line.ptimeMs ?? local.ptimeMs;
  const ptimeMs = wish === undefined ? maxPtimeMs : Math.min(wish, maxPtimeMs ?? wish);
  return {
    ...(ptimeMs !== undefined && { ptimeMs }),
    ...(maxPtimeMs !== undefined && { maxPtimeMs }),
  };
}
