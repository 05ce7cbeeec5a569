/**
 * Codecs as an m-line's formats, rtpmap, fmtp and rtcp-fb say them (RFC 8866 §6.6, §6.15, RFC
 * 4585).
 */
import {
  attributeValues,
  type SdpAttribute,
  type SdpMedia,
} from '../wire/sdp/session-description.ts';
import type { Codec } from './description.ts';

const MOST_PARAMETERS = 64;
const MOST_FEEDBACK_LINES = 256;

/** RFC 3551 §6, tables 4 and 5: what a payload type means without an rtpmap. */
const STATIC: { readonly [payloadType: number]: readonly [name: string, clockRate: number] } = {
  0: ['pcmu', 8000],
  3: ['gsm', 8000],
  4: ['g723', 8000],
  8: ['pcma', 8000],
  9: ['g722', 8000],
  13: ['cn', 8000],
  15: ['g728', 8000],
  18: ['g729', 8000],
  26: ['jpeg', 90_000],
  31: ['h261', 90_000],
  34: ['h263', 90_000],
};

/** Every codec of an m-line, in its order; formats that mean nothing are left out. */
export function readCodecs(media: SdpMedia): Codec[] {
  const maps = byPayloadType(attributeValues(media.attributes, 'rtpmap'));
  const parameters = byPayloadType(attributeValues(media.attributes, 'fmtp'));
  const feedback = feedbackLines(attributeValues(media.attributes, 'rtcp-fb'));
  const formats = [...new Set(media.formats)].filter((format) => /^\d{1,3}$/.test(format));
  return formats.flatMap((format) => {
    const payloadType = Number(format);
    const encoding = readEncoding(maps.get(payloadType), payloadType);
    if (payloadType > 127 || encoding === undefined) return [];
    return {
      ...encoding,
      payloadType,
      parameters: readParameters(parameters.get(payloadType)),
      feedback: feedback
        .filter(({ target }) => target === '*' || target === format)
        .map(({ value }) => value),
    };
  });
}

/** The attributes that describe codecs, each codec's together. */
export function codecAttributes(codecs: readonly Codec[]): SdpAttribute[] {
  return codecs.flatMap((codec) => {
    const { payloadType } = codec;
    const parameters = formatParameters(codec.parameters);
    return [
      { name: 'rtpmap', value: `${payloadType} ${formatEncoding(codec)}` },
      ...(parameters === '' ? [] : [{ name: 'fmtp', value: `${payloadType} ${parameters}` }]),
      ...codec.feedback.map((value) => ({ name: 'rtcp-fb', value: `${payloadType} ${value}` })),
    ];
  });
}

/** `rtpmap` of RFC 3551 names is in capitals, as everyone writes them. */
function formatEncoding({ name, clockRate, channels }: Codec): string {
  const written = /^(pcm[au]|g7\d\d|cn|gsm|vp[89]|h26[1345]|av1)$/.test(name)
    ? name.toUpperCase()
    : name;
  return channels === 1 ? `${written}/${clockRate}` : `${written}/${clockRate}/${channels}`;
}

function formatParameters(parameters: Codec['parameters']): string {
  return Object.entries(parameters)
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join(';');
}

/** The first line of each payload type counts. */
function byPayloadType(values: readonly string[]): Map<number, string> {
  const lines = new Map<number, string>();
  for (const value of values) {
    const match = /^(\d{1,3}) +(.+)$/.exec(value);
    if (match && !lines.has(Number(match[1]))) lines.set(Number(match[1]), match[2]!);
  }
  return lines;
}

function feedbackLines(values: readonly string[]): { target: string; value: string }[] {
  return values.slice(0, MOST_FEEDBACK_LINES).flatMap((line) => {
    const match = /^(\*|\d{1,3}) +(.+)$/.exec(line);
    return match ? [{ target: match[1]!, value: match[2]!.trim() }] : [];
  });
}

type Encoding = Pick<Codec, 'name' | 'clockRate' | 'channels'>;

function readEncoding(map: string | undefined, payloadType: number): Encoding | undefined {
  if (map === undefined) {
    const known = STATIC[payloadType];
    return known && { name: known[0], clockRate: known[1], channels: 1 };
  }
  const match = /^([^/ ]{1,64})\/(\d{1,6})(?:\/(\d{1,2}))?\s*$/.exec(map);
  if (!match) return undefined;
  const name = match[1]!.toLowerCase();
  const clockRate = Number(match[2]);
  // RFC 7587 §7 demands opus/48000/2; some phones write opus/48000 and mean the same.
  const channels = name === 'opus' ? 2 : Number(match[3] ?? 1);
  return clockRate === 0 || channels === 0 ? undefined : { name, clockRate, channels };
}

function readParameters(value: string | undefined): Codec['parameters'] {
  if (value === undefined) return {};
  const pairs = value
    .split(';', MOST_PARAMETERS)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part): [string, string] => {
      const equals = part.indexOf('=');
      if (equals < 0) return [part, ''];
      return [part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()];
    });
  return Object.fromEntries(pairs);
}
