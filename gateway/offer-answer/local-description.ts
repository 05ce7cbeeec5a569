/**
 * Puts our m-lines into one description whose version rises exactly when it changes (RFC 3264 §8).
 */
import { serialiseSdp } from '../wire/sdp/serialise.ts';
import type { SdpAttribute, SdpMedia, SdpSession } from '../wire/sdp/session-description.ts';
import type { NegotiatedLine, Negotiation } from './description.ts';
import { connectionTo, type MediaSection, writeMediaSection } from './media-section.ts';

/** What is named where no transport of ours is described yet. */
const NO_ADDRESS = '0.0.0.0';

export interface LocalDescription {
  readonly sdp: string;
  readonly negotiation: Negotiation;
}

/** `sections` holds every m-line in order: those in use as choices, disabled ones as written. */
export function describeLocally(
  negotiation: Negotiation,
  sections: readonly (MediaSection | SdpMedia)[],
): LocalDescription {
  const used = sections.filter((section) => 'local' in section);
  const address = used[0]?.transport.address;
  const originAddress = negotiation.originAddress ?? address ?? NO_ADDRESS;
  const sessionConnection = connectionTo(address ?? originAddress);
  const session: SdpSession = {
    origin: {
      username: '-',
      sessionId: negotiation.sessionId,
      version: `${negotiation.version}`,
      address: originAddress,
    },
    name: '-',
    connection: sessionConnection,
    bandwidths: [],
    attributes: sessionAttributes(used),
    media: sections.map((section) =>
      'local' in section ? withoutRepetition(section, sessionConnection.address) : section,
    ),
  };
  const unchanged = serialiseSdp(session);
  if (unchanged === negotiation.localSdp) return { sdp: unchanged, negotiation };
  const version = negotiation.version + 1;
  const sdp = serialiseSdp({ ...session, origin: { ...session.origin, version: `${version}` } });
  return { sdp, negotiation: { ...negotiation, originAddress, version, localSdp: sdp } };
}

/** Browsers expect `c=` with each m-line; phones read the session's, and some nothing else. */
function withoutRepetition(section: MediaSection, sessionAddress: string): SdpMedia {
  const media = writeMediaSection(section);
  if (section.transport.ice !== undefined) return media;
  if (media.connection?.address !== sessionAddress) return media;
  const { connection: _, ...rest } = media;
  return rest;
}

function sessionAttributes(used: readonly MediaSection[]): SdpAttribute[] {
  const bundled = used.flatMap(({ mid, grouped }) => (mid === undefined || !grouped ? [] : [mid]));
  const ice = used.find(({ transport }) => transport.ice !== undefined)?.transport.ice;
  const attributes: SdpAttribute[] = [];
  if (bundled.length > 0) {
    attributes.push({ name: 'group', value: `BUNDLE ${bundled.join(' ')}` });
  }
  if (ice !== undefined) {
    // RFC 8445 §10: `ice2` says so of the agent; RFC 8838 §3: candidates may be trickled to us.
    attributes.push({ name: 'ice-options', value: 'ice2 trickle' });
    if (ice.lite) attributes.push({ name: 'ice-lite' });
    attributes.push({ name: 'msid-semantic', value: 'WMS *' });
  }
  return attributes;
}

/** What there is to remember of an m-line that we wrote. */
export function lineOf(section: MediaSection | SdpMedia): NegotiatedLine {
  if ('local' in section) {
    return {
      media: section.local.kind,
      protocol: section.protocol,
      ...(section.mid !== undefined && { mid: section.mid }),
      formats: section.codecs.map(({ payloadType }) => `${payloadType}`),
      rejected: false,
    };
  }
  const mid = section.attributes.find(({ name }) => name === 'mid')?.value;
  return {
    media: section.media,
    protocol: section.protocol,
    ...(mid !== undefined && { mid }),
    formats: section.formats,
    rejected: true,
  };
}
