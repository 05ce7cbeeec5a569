/** The kinds of value that the configuration is made of: ports, networks, names, secrets, times. */
import { z } from 'zod';
import { Secret } from '../gateway/core/log.ts';

/** A range of UDP ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

const MAX_PORT = 65_535;
const MAX_TEXT_LENGTH = 1_024;
const PORT_RANGE = /^(\d{1,5})-(\d{1,5})$/;

export const text = z.string().min(1).max(MAX_TEXT_LENGTH);

/** 0 lets the operating system choose, which tests use. */
export const listeningPort = z.int().min(0).max(MAX_PORT);

/** `20000-29999`: starts even, ends odd, so that every RTP port has its RTCP port beside it. */
export const rtpPortRange = z
  .string()
  .regex(PORT_RANGE, 'expected FIRST-LAST, as in 20000-29999')
  .transform((range): PortRange => {
    const [first = '0', last = '0'] = range.split('-');
    return { first: Number(first), last: Number(last) };
  })
  .refine((range) => range.first >= 1024 && range.last <= MAX_PORT, 'ports are 1024 to 65535')
  .refine((range) => range.first < range.last, 'the first port comes before the last')
  .refine((range) => range.first % 2 === 0, 'the first port is even: RTP takes it, RTCP the next')
  .refine(
    (range) => range.last % 2 === 1,
    'the last port is odd, so that it pairs with the one below',
  );

export const ipAddress = z.union([z.ipv4(), z.ipv6()], 'expected an IPv4 or IPv6 address');

export const network = z.union(
  [z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()],
  'expected an address or a network, as in 192.0.2.0/24',
);

/** What interfaces, users, trunks and extensions are called: fit to stand before the @ of a URI. */
export const name = z
  .string()
  .regex(
    /^[A-Za-z0-9+][A-Za-z0-9._+-]{0,63}$/,
    'expected 1 to 64 letters, digits, or any of . _ + -',
  );

export const domain = z
  .string()
  .max(253)
  .regex(
    /^[A-Za-z0-9:[\]]([A-Za-z0-9.:[\]-]*[A-Za-z0-9\]])?$/,
    'expected a host name or an address',
  );

export const sipUri = z
  .string()
  .max(MAX_TEXT_LENGTH)
  .regex(/^sips?:[^\s@<>]+(@[^\s@<>]+)?$/i, 'expected a SIP URI, as in sip:pbx.example.com:5060');

export const seconds = z
  .number()
  .min(0)
  .max(7 * 24 * 3_600);

/**
 * Something that is never printed. In the file `<key>_file` may stand in its place and name a file
 * that holds it; so may `CAUSEWAY_…_FILE` in the environment.
 */
export const secret = z
  .string()
  .min(1)
  .max(MAX_TEXT_LENGTH)
  .transform((value) => new Secret(value))
  .meta({ secret: true });

/** HA1 of digest authentication: MD5 or SHA-256 of `user:realm:password` (RFC 7616 §3.4.2). */
export const ha1 = z
  .string()
  .regex(/^([0-9a-f]{32}|[0-9a-f]{64})$/, 'expected 32 or 64 lower-case hexadecimal digits')
  .transform((value) => new Secret(value))
  .meta({ secret: true });

/** A regular expression that the whole of what it is held against must match. */
export const pattern = z
  .string()
  .max(200)
  .refine(isRegularExpression, 'not a regular expression')
  .transform((source) => new RegExp(`^(?:${source})$`, 'u'));

/** Audio codecs that a leg may carry, in the order of preference. */
export const audioCodecs = z.array(z.enum(['opus', 'g722', 'pcmu', 'pcma'])).min(1);

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(`^(?:${source})$`, 'u');
    return true;
  } catch {
    return false;
  }
}
