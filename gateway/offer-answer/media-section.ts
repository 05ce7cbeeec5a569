/** Writes one m-line of ours with all that belongs to it (RFC 8866 §5.14, RFC 9429 §5.2, §5.3). */
import { isIpv6 } from '../core/ip-address.ts';
import type { SdpAttribute, SdpConnection, SdpMedia } from '../wire/sdp/session-description.ts';
import { codecAttributes } from './codec-lines.ts';
import { formatCryptoLine } from './crypto-line.ts';
import type {
  Codec,
  HeaderExtension,
  LocalMedia,
  MediaDirection,
  NegotiatedLine,
  TransportParameters,
} from './description.ts';
import { formatIceCandidate } from './ice-candidate.ts';

/** An m-line to be written, every choice made. */
export interface MediaSection {
  readonly local: LocalMedia;
  readonly protocol: string;
  readonly mid?: string;
  /** Whether the m-line is named in `a=group:BUNDLE`. */
  readonly grouped: boolean;
  readonly direction: MediaDirection;
  readonly codecs: readonly Codec[];
  readonly extensions: readonly HeaderExtension[];
  readonly extensionsMixed: boolean;
  readonly reducedSizeRtcp: boolean;
  readonly transport: TransportParameters;
  /** `own`: describes its transport whole. `bundled`: uses an earlier m-line's (RFC 9143 §7). */
  readonly carriage: 'own' | 'bundled' | 'bundle-only';
}

export function writeMediaSection(section: MediaSection): SdpMedia {
  const { local, transport, carriage } = section;
  const { address } = transport;
  return {
    media: local.kind,
    port: carriage === 'bundle-only' ? 0 : transport.rtpPort,
    protocol: section.protocol,
    formats: section.codecs.map(({ payloadType }) => `${payloadType}`),
    ...(address !== undefined && { connection: connectionTo(address) }),
    bandwidths: [],
    attributes: [
      ...(carriage === 'own' ? ownTransportAttributes(transport) : []),
      ...sharedTransportAttributes(transport),
      ...optional('mid', section.mid),
      ...flag('bundle-only', carriage === 'bundle-only'),
      ...section.extensions.map(({ id, uri }) => ({ name: 'extmap', value: `${id} ${uri}` })),
      ...flag('extmap-allow-mixed', section.extensionsMixed),
      { name: section.direction },
      // Only browsers make anything of these; phones are spared them.
      ...(transport.ice === undefined ? [] : streamAttributes(local)),
      ...flag('rtcp-mux', transport.mux),
      ...flag('rtcp-rsize', section.reducedSizeRtcp),
      ...codecAttributes(section.codecs),
      ...optional('ptime', local.ptimeMs),
      ...optional('maxptime', local.maxPtimeMs),
    ],
  };
}

/** An m-line that keeps its place and nothing else (RFC 3264 §6, §8.2). */
export function writeDisabledSection(line: NegotiatedLine): SdpMedia {
  return {
    media: line.media,
    port: 0,
    protocol: line.protocol,
    formats: line.formats.length > 0 ? line.formats : ['0'],
    bandwidths: [],
    attributes: optional('mid', line.mid),
  };
}

export function connectionTo(address: string): SdpConnection {
  return { family: isIpv6(address) ? 'IP6' : 'IP4', address };
}

/** What only the m-line that owns a transport says of it. */
function ownTransportAttributes(transport: TransportParameters): SdpAttribute[] {
  const { ice, mux, rtpPort, rtcpPort } = transport;
  const usual = mux || rtcpPort === rtpPort + 1;
  return [
    // RFC 3605 §2.1: needed where RTCP is not on the next port.
    ...optional('rtcp', usual ? undefined : rtcpPort),
    ...(ice?.candidates ?? []).map((candidate) => ({
      name: 'candidate',
      value: formatIceCandidate(candidate),
    })),
    ...flag('end-of-candidates', ice?.endOfCandidates ?? false),
  ];
}

/**
 * What every m-line of a bundle repeats, as browsers do. RFC 9143 §7 would spare the bundled
 * ones, but Firefox 153 crashes where they lack it, and refuses those without rtcp-mux.
 */
function sharedTransportAttributes(transport: TransportParameters): SdpAttribute[] {
  const { ice } = transport;
  return [
    ...optional('ice-ufrag', ice?.ufrag),
    ...optional('ice-pwd', ice?.pwd),
    ...transport.fingerprints.map(({ hash, value }) => ({
      name: 'fingerprint',
      value: `${hash} ${value}`,
    })),
    ...optional('setup', transport.setup),
    ...optional('tls-id', transport.tlsId),
    ...transport.crypto.map((line) => ({ name: 'crypto', value: formatCryptoLine(line) })),
  ];
}

/** RFC 8830 §2 and RFC 5576 §4.1: browsers name streams and tracks by these. */
function streamAttributes({ stream, source }: LocalMedia): SdpAttribute[] {
  const attributes: SdpAttribute[] = [];
  if (stream !== undefined) {
    const track = stream.track === undefined ? '' : ` ${stream.track}`;
    attributes.push({ name: 'msid', value: `${stream.stream}${track}` });
  }
  if (source?.cname !== undefined) {
    attributes.push({ name: 'ssrc', value: `${source.ssrc} cname:${source.cname}` });
  }
  return attributes;
}

function flag(name: string, present: boolean): SdpAttribute[] {
  return present ? [{ name }] : [];
}

function optional(name: string, value: string | number | undefined): SdpAttribute[] {
  return value === undefined ? [] : [{ name, value: `${value}` }];
}
