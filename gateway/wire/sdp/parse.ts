/** Parses a session description, forgiving what real peers get wrong (RFC 8866 §5, §9). */
import { fail, type Result, succeed } from '../../core/result.ts';
import {
  LONGEST_DESCRIPTION,
  LONGEST_LINE,
  MOST_ATTRIBUTES,
  MOST_FORMATS,
  MOST_MEDIA_SECTIONS,
  type SdpAttribute,
  type SdpBandwidth,
  type SdpConnection,
  type SdpMedia,
  type SdpOrigin,
  type SdpSession,
} from './session-description.ts';

/** A section being read: the session's or a media section's. */
interface Section {
  connection?: SdpConnection;
  bandwidths: SdpBandwidth[];
  attributes: SdpAttribute[];
}

type MediaSection = Section & Pick<SdpMedia, 'media' | 'port' | 'protocol' | 'formats'>;

/**
 * Forgiven: lines that end in LF alone, blank lines, any order within a section, missing `s=` and
 * `t=`, unknown line types. Not kept: `i=`, `u=`, `e=`, `p=`, `t=`, `r=`, `z=`, `k=`. Faults:
 * `sdp.too_long`, `sdp.line`, `sdp.version`, `sdp.origin`, `sdp.connection`, `sdp.media`,
 * `sdp.too_many`.
 */
export function parseSdp(text: string): Result<SdpSession> {
  if (text.length > LONGEST_DESCRIPTION) return fail('sdp.too_long', `${text.length} characters`);
  const lines = text.split('\n').map(withoutCarriageReturn).filter(Boolean);
  if (lines[0] !== 'v=0') return fail('sdp.version', 'the first line is not v=0');
  const session: Section = { bandwidths: [], attributes: [] };
  const media: MediaSection[] = [];
  let origin: SdpOrigin | undefined;
  let name = '-';
  for (const line of lines.slice(1)) {
    if (line.length > LONGEST_LINE) return fail('sdp.too_long', `line of ${line.length}`);
    if (/[\r\0]/.test(line)) return fail('sdp.line', 'a line holds CR or NUL');
    if (line[1] !== '=') return fail('sdp.line', 'a line is not type=value');
    const value = line.slice(2);
    switch (line[0]) {
      case 'o': {
        const read = readOrigin(value);
        if (!read.ok) return read;
        origin ??= read.value;
        break;
      }
      case 's':
        name = value;
        break;
      case 'm': {
        if (media.length === MOST_MEDIA_SECTIONS) return fail('sdp.too_many', 'media sections');
        const read = readMedia(value);
        if (!read.ok) return read;
        media.push(read.value);
        break;
      }
      default: {
        const taken = takeLine(media.at(-1) ?? session, line[0]!, value);
        if (!taken.ok) return taken;
      }
    }
  }
  if (origin === undefined) return fail('sdp.origin', 'no o= line');
  return succeed({ origin, name, ...session, media });
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Notes a line that sessions and media sections have in common. */
function takeLine(section: Section, type: string, value: string): Result<undefined> {
  if (type === 'a') {
    if (section.attributes.length === MOST_ATTRIBUTES) return fail('sdp.too_many', 'attributes');
    section.attributes.push(readAttribute(value));
  } else if (type === 'c') {
    const connection = readConnection(value);
    if (connection === undefined) return fail('sdp.connection', 'c= of another form');
    section.connection ??= connection;
  } else if (type === 'b') {
    const bandwidth = /^([\w-]{1,32}):(\d{1,15})$/.exec(value.trim());
    if (bandwidth && section.bandwidths.length < MOST_ATTRIBUTES) {
      section.bandwidths.push({ type: bandwidth[1]!, value: Number(bandwidth[2]) });
    }
  }
  return succeed(undefined);
}

function readAttribute(value: string): SdpAttribute {
  const colon = value.indexOf(':');
  if (colon < 0) return { name: value.trim() };
  return { name: value.slice(0, colon), value: value.slice(colon + 1).trim() };
}

/** RFC 8866 §5.2. A user name with spaces, which some phones write, is put together again. */
function readOrigin(value: string): Result<SdpOrigin> {
  const words = value.trim().split(/ +/);
  if (words.length < 6) return fail('sdp.origin', `${words.length} words`);
  const [sessionId, version, , , address] = words.slice(-5);
  const username = words.slice(0, -5).join(' ');
  if (!/^\d{1,32}$/.test(sessionId!) || !/^\d{1,32}$/.test(version!)) {
    return fail('sdp.origin', 'id or version is no number');
  }
  return succeed({ username, sessionId: sessionId!, version: version!, address: address! });
}

function readConnection(value: string): SdpConnection | undefined {
  const match = /^IN +(IP[46]) +(\S+)$/i.exec(value.trim());
  if (!match) return undefined;
  return { family: match[1]!.toUpperCase() as SdpConnection['family'], address: match[2]! };
}

/** RFC 8866 §5.14. A port count belongs to layered multicast and is read over. */
function readMedia(value: string): Result<MediaSection> {
  const [media, port, protocol, ...formats] = value.trim().split(/ +/);
  const digits = /^(\d{1,5})(?:\/\d{1,5})?$/.exec(port ?? '');
  if (!media || !digits || !protocol) return fail('sdp.media', 'm= of another form');
  if (Number(digits[1]) > 65_535) return fail('sdp.media', `port ${digits[1]}`);
  if (formats.length > MOST_FORMATS) return fail('sdp.too_many', `${formats.length} formats`);
  return succeed({
    media,
    port: Number(digits[1]),
    protocol,
    formats,
    bandwidths: [],
    attributes: [],
  });
}
