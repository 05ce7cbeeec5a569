/** Reads what a peer's SDP means, every m-line in its place (RFC 3264, RFC 8866, RFC 9429 §5.8). */

import { isUnspecifiedAddress } from '../core/ip-address.ts';
import { type Result, succeed } from '../core/result.ts';
import { parseSdp } from '../wire/sdp/parse.ts';
import {
  attributeValue,
  attributeValues,
  hasAttribute,
  type SdpAttribute,
  type SdpBandwidth,
  type SdpMedia,
  type SdpSession,
} from '../wire/sdp/session-description.ts';
import { readCodecs } from './codec-lines.ts';
import { readCryptoLines } from './crypto-line.ts';
import type {
  HeaderExtension,
  MediaDirection,
  MediaKind,
  MediaSource,
  MediaStreamId,
  RemoteDescription,
  RemoteLine,
  RemoteMedia,
  TransportParameters,
} from './description.ts';
import { mediaDirection, sends } from './direction.ts';
import { readTransport } from './remote-transport.ts';
import { keyingOf, protocolNamed } from './transport-kind.ts';

const MOST_EXTENSIONS = 64;
const MOST_SOURCES = 64;
const LARGEST_EXTENSION_ID = 255;
/** What Chromium's answers leave out of a bundled m-line, in whole or in part. */
const TRANSPORT_ATTRIBUTES = ['ice-ufrag', 'fingerprint'];
const DIRECTIONS: readonly MediaDirection[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** Faults are those of the SDP's syntax; what a line means badly makes that line unusable. */
export function parseRemoteDescription(text: string): Result<RemoteDescription> {
  const parsed = parseSdp(text);
  if (!parsed.ok) return parsed;
  const session = parsed.value;
  const bundles = attributeValues(session.attributes, 'group')
    .map((value) => value.split(/ +/))
    .filter(([semantics]) => semantics === 'BUNDLE')
    .map(([, ...mids]) => mids);
  const options = [session, ...session.media].flatMap(({ attributes }) =>
    attributeValues(attributes, 'ice-options').flatMap((value) => value.split(/ +/)),
  );
  return succeed({
    origin: session.origin,
    lines: session.media.map((media, index) => readLine(session, media, index, bundles)),
    bundles,
    iceOptions: [...new Set(options)],
  });
}

type Bundles = RemoteDescription['bundles'];

function readLine(
  session: SdpSession,
  media: SdpMedia,
  index: number,
  bundles: Bundles,
): RemoteLine {
  const mid = attributeValue(media.attributes, 'mid');
  const unusable = (reason: string): RemoteLine => ({
    index,
    kind: 'unusable',
    ...(mid !== undefined && { mid }),
    media: media.media,
    protocol: media.protocol,
    formats: media.formats,
    reason,
  });
  const carrier = carrierOf(session, media, mid, bundles);
  if (carrier === undefined) return unusable('disabled');
  const kind = media.media.toLowerCase();
  if (kind !== 'audio' && kind !== 'video') return unusable('unknown_media');
  const protocol = protocolNamed(media.protocol);
  if (protocol === undefined) return unusable('unknown_protocol');
  const transport = readTransport(session, carrier);
  const crypto = readCryptoLines(media.attributes);
  const keying = keyingOf(protocol, crypto.length > 0, transport.fingerprints.length > 0);
  if (keying === undefined) return unusable(protocol.dtls ? 'no_fingerprint' : 'no_usable_crypto');
  const rtcp = transport.mux ? 'mux' : 'pair';
  return {
    index,
    kind,
    ...(mid !== undefined && { mid }),
    direction: readDirection(session, media, transport),
    transportKind: { ice: transport.ice !== undefined, keying, rtcp },
    protocol: media.protocol,
    rtcpFeedback: protocol.feedback,
    transport: { ...transport, crypto },
    ...readMedia(session, media, kind),
  };
}

/**
 * The section whose transport serves an m-line: its own, or the first of its bundle where its own
 * is not whole (RFC 9143 §7.2.1, §7.3.3). Undefined for a disabled m-line.
 */
function carrierOf(
  session: SdpSession,
  media: SdpMedia,
  mid: string | undefined,
  bundles: Bundles,
): SdpMedia | undefined {
  const { port, attributes } = media;
  if (port === 0 && !hasAttribute(attributes, 'bundle-only')) return undefined;
  const bundle = mid === undefined ? undefined : bundles.find((mids) => mids.includes(mid));
  const carrier = session.media.find((other) => {
    const otherMid = attributeValue(other.attributes, 'mid');
    return other.port > 0 && otherMid !== undefined && bundle?.includes(otherMid);
  });
  if (carrier === undefined) return port > 0 ? media : undefined;
  const lacks = (name: string) =>
    hasAttribute(carrier.attributes, name) &&
    !hasAttribute(attributes, name) &&
    !hasAttribute(session.attributes, name);
  return port === 0 || TRANSPORT_ATTRIBUTES.some(lacks) ? carrier : media;
}

/** The media's own attributes, without its transport. */
function readMedia(
  session: SdpSession,
  media: SdpMedia,
  kind: MediaKind,
): Omit<
  RemoteMedia,
  | 'index'
  | 'kind'
  | 'mid'
  | 'direction'
  | 'transportKind'
  | 'protocol'
  | 'rtcpFeedback'
  | 'transport'
> {
  const { attributes } = media;
  const ptimeMs = readMillis(attributeValue(attributes, 'ptime'));
  const maxPtimeMs = readMillis(attributeValue(attributes, 'maxptime'));
  const bandwidthBps = smallestBandwidth([...session.bandwidths, ...media.bandwidths]);
  return {
    codecs: readCodecs(media),
    extensions: readExtensions([...session.attributes, ...attributes]),
    extensionsMixed: [session, media].some((section) =>
      hasAttribute(section.attributes, 'extmap-allow-mixed'),
    ),
    ...(kind === 'audio' && ptimeMs !== undefined && { ptimeMs }),
    ...(kind === 'audio' && maxPtimeMs !== undefined && { maxPtimeMs }),
    reducedSizeRtcp: hasAttribute(attributes, 'rtcp-rsize'),
    sources: readSources(attributes),
    streams: readStreams(attributes),
    ...(bandwidthBps !== undefined && { bandwidthBps }),
  };
}

/** The m-line's own direction, else the session's, else sendrecv (RFC 8866 §6.7). */
function readDirection(
  session: SdpSession,
  media: SdpMedia,
  transport: TransportParameters,
): MediaDirection {
  const named = (attributes: readonly SdpAttribute[]) =>
    DIRECTIONS.find((direction) => hasAttribute(attributes, direction));
  const direction = named(media.attributes) ?? named(session.attributes) ?? 'sendrecv';
  const address = (media.connection ?? session.connection)?.address;
  // RFC 3264 §8.4: the hold of RFC 2543. ICE agents write the same before they have an address.
  const heldByAddress =
    transport.ice === undefined && address !== undefined && isUnspecifiedAddress(address);
  return heldByAddress ? mediaDirection(sends(direction), false) : direction;
}

/** RFC 8285 §5; the direction behind a slash does not matter to one who only forwards. */
function readExtensions(attributes: readonly SdpAttribute[]): HeaderExtension[] {
  const values = attributeValues(attributes, 'extmap').slice(0, MOST_EXTENSIONS);
  return values.flatMap((value) => {
    const match = /^(\d{1,4})(?:\/\w+)? +(\S+)/.exec(value);
    const id = Number(match?.[1]);
    return match && id >= 1 && id <= LARGEST_EXTENSION_ID ? [{ id, uri: match[2]! }] : [];
  });
}

/** RFC 5576 §4.1: one entry for each source, with its CNAME from whichever line has it. */
function readSources(attributes: readonly SdpAttribute[]): MediaSource[] {
  const sources = new Map<number, MediaSource>();
  for (const value of attributeValues(attributes, 'ssrc')) {
    const match = /^(\d{1,10})(?: +(?:cname:(\S+))?)?/.exec(value);
    const ssrc = Number(match?.[1]);
    if (!match || ssrc > 0xffffffff) continue;
    if (!sources.has(ssrc) && sources.size === MOST_SOURCES) continue;
    const cname = match[2] ?? sources.get(ssrc)?.cname;
    sources.set(ssrc, cname === undefined ? { ssrc } : { ssrc, cname });
  }
  return [...sources.values()];
}

function readStreams(attributes: readonly SdpAttribute[]): MediaStreamId[] {
  return attributeValues(attributes, 'msid')
    .slice(0, MOST_SOURCES)
    .map((value) => {
      const [stream, track] = value.split(/ +/);
      return track === undefined ? { stream: stream! } : { stream: stream!, track };
    });
}

function readMillis(value: string | undefined): number | undefined {
  const millis = Math.round(Number(value));
  return value && millis >= 1 && millis <= 1000 ? millis : undefined;
}

/** RFC 8866 §5.8 gives AS in kbit/s, RFC 3890 §6.2 gives TIAS in bit/s. */
function smallestBandwidth(bandwidths: readonly SdpBandwidth[]): number | undefined {
  const limits = bandwidths.flatMap(({ type, value }) => {
    if (type === 'TIAS') return [value];
    return type === 'AS' ? [value * 1000] : [];
  });
  return limits.length === 0 ? undefined : Math.min(...limits);
}
