/** The one schema of the configuration: every key with its default, unit and limits. */
import { z } from 'zod';
import {
  audioCodecs,
  domain,
  ha1,
  ipAddress,
  listeningPort,
  name,
  network,
  pattern,
  rtpPortRange,
  seconds,
  secret,
  sipUri,
  text,
} from './values.ts';

const MAX_ENTRIES = 10_000;

const networkInterface = z.strictObject({
  name: name,
  /** The local address that sockets are bound to. */
  bind: ipAddress,
  /** What peers are told; the bound address where absent. Needed when bound to a wildcard. */
  advertise: ipAddress.optional(),
  /** Peers in here are told the bound address instead of the advertised one. */
  local_networks: z.array(network).default([]),
  /** Where plain RTP may come from beyond what SDP and the signalling's source tell. */
  media_networks: z.array(network).default([]),
});

const http = z.strictObject({
  port: listeningPort.default(8080),
  /** Browser origins, besides our own, that may open a WebSocket: `https://app.example.com`. */
  allowed_origins: z.array(text).default([]),
});

const https = z.strictObject({
  port: listeningPort.default(8443),
  certificate_file: text.optional(),
  key_file: text.optional(),
});

const sip = z.strictObject({
  /** UDP and TCP. */
  port: listeningPort.default(5060),
  /** Domains whose users are ours, besides our own addresses. */
  domains: z.array(domain).default([]),
  realm: text.default('causeway'),
  /** Challenges sent, first one first; many clients take the first and give up on any other. */
  digest_algorithms: z
    .array(z.enum(['md5', 'sha-256']))
    .min(1)
    .default(['md5']),
  registration_seconds: z.int().min(60).max(86_400).default(3_600),
  registration_minimum_seconds: z.int().min(10).max(86_400).default(60),
  /** How long a called party rings before the caller hears that there is no answer. */
  ring_timeout_seconds: z.int().min(1).max(600).default(120),
});

const webrtc = z.strictObject({
  /** UDP port of the first media process; each further process takes the next one. */
  port: listeningPort.default(10_000),
  /**
   * While everything listens on loopback, also bind and advertise the host's first address, since
   * Firefox never sends to 127.0.0.1. Only STUN that a live session authenticates is answered.
   */
  include_host_address: z.boolean().default(true),
});

const rtp = z.strictObject({
  ports: rtpPortRange.prefault('20000-29999'),
  /** A leg that ought to receive and hears nothing for so long is ended; 0 means never. */
  talk_timeout_seconds: seconds.default(60),
  /** The same while the leg is on hold. */
  hold_timeout_seconds: seconds.default(3_600),
});

const media = z.strictObject({
  /** 0: one for each processor but one, at least one. */
  processes: z.int().min(0).max(256).default(0),
  /** How long calls go on without a signalling process before media gives them up. */
  orphan_seconds: seconds.default(60),
});

const janus = z.strictObject({
  /** With a secret or tokens set, every request carries one of them. */
  api_secret: secret.optional(),
  tokens: z.array(secret).default([]),
  session_timeout_seconds: seconds.default(60),
  /** How long a session outlives its WebSocket, to be taken over with `claim`. */
  reclaim_session_timeout_seconds: seconds.default(30),
  long_poll_seconds: seconds.default(30),
  candidates_timeout_seconds: seconds.default(45),
});

const user = z.strictObject({
  name: name,
  domain: domain.optional(),
  display_name: text.optional(),
  password: secret.optional(),
  ha1: ha1.optional(),
  interface: name.optional(),
  codecs: audioCodecs.default(['opus', 'pcmu', 'pcma']),
  /** Takes RTP from any source inside the window; for phones behind the worst of NATs. */
  media_from_anywhere: z.boolean().default(false),
});

const trunk = z.strictObject({
  name: name,
  /** Calls go to the first. */
  targets: z.array(sipUri).min(1).max(16),
  transport: z.enum(['udp', 'tcp']).default('udp'),
  interface: name.optional(),
  codecs: audioCodecs.default(['pcmu', 'pcma']),
  srtp: z.enum(['required', 'preferred', 'off']).default('off'),
  credentials: z
    .strictObject({ username: text, password: secret, realm: text.optional() })
    .optional(),
  /** Registers at the first target with the credentials. */
  register: z.boolean().default(false),
  /** Requests from these addresses are this trunk's; its targets' own addresses always are. */
  match_sources: z.array(network).default([]),
  media_networks: z.array(network).default([]),
});

const target = z.strictObject({
  user: name.optional(),
  trunk: name.optional(),
  extension: name.optional(),
  /** The address as the caller gave it, wherever that is. */
  as_dialled: z.literal(true).optional(),
  /** The SIP status to refuse with. */
  reject: z.int().min(400).max(699).optional(),
});

const route = z.strictObject({
  /** Who calls: `any`, `api`, `user:NAME`, `users`, `trunk:NAME` or `trunks`. */
  from: z
    .string()
    .regex(
      /^(any|api|users|trunks|user:[^\s:]+|trunk:[^\s:]+)$/,
      'expected any, api, users, trunks, user:NAME or trunk:NAME',
    )
    .default('any'),
  /** What stands before the @ of the address called; the whole of it must match. */
  called: pattern.prefault('.*'),
  /** What stands after the @; any where absent. */
  called_domain: pattern.optional(),
  /** What is called instead, with `$1` for the first group of `called`. */
  rewrite: text.optional(),
  to: target,
});

const extension = z.strictObject({ name: name, application: z.enum(['echo']) });

const limits = z.strictObject({
  calls: z.int().min(1).max(100_000).default(2_000),
  calls_per_user: z.int().min(1).max(100_000).default(20),
  registrations: z.int().min(1).max(1_000_000).default(20_000),
  bindings_per_user: z.int().min(1).max(100).default(10),
  sip_connections: z.int().min(1).max(100_000).default(4_000),
  janus_sessions: z.int().min(1).max(100_000).default(4_000),
  janus_handles_per_session: z.int().min(1).max(1_000).default(32),
  websockets: z.int().min(1).max(100_000).default(4_000),
});

const trace = z.strictObject({
  /** Calls remembered, the oldest forgotten first. */
  calls: z.int().min(0).max(100_000).default(500),
  records_per_call: z.int().min(1).max(10_000).default(200),
});

const log = z.strictObject({
  level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** `auto`: text on a terminal, JSON elsewhere. */
  format: z.enum(['auto', 'json', 'text']).default('auto'),
  /** Kinds of personal data that are blanked. Secrets always are. */
  redact: z.array(z.enum(['address', 'number', 'name'])).default([]),
});

/** The configuration as written in a file, key for key. */
export const configurationSchema = z.strictObject({
  data_directory: text.default('./data'),
  interfaces: z
    .array(networkInterface)
    .min(1)
    .max(64)
    .prefault([{ name: 'loopback', bind: '127.0.0.1' }]),
  http: http.prefault({}),
  https: https.prefault({}),
  sip: sip.prefault({}),
  webrtc: webrtc.prefault({}),
  rtp: rtp.prefault({}),
  media: media.prefault({}),
  janus: janus.prefault({}),
  users: z.array(user).max(MAX_ENTRIES).default([]),
  trunks: z.array(trunk).max(MAX_ENTRIES).default([]),
  routes: z.array(route).max(MAX_ENTRIES).default([]),
  extensions: z
    .array(extension)
    .max(MAX_ENTRIES)
    .prefault([{ name: 'echo', application: 'echo' }]),
  limits: limits.prefault({}),
  trace: trace.prefault({}),
  log: log.prefault({}),
});

/** What the schema yields, still in the file's own spelling. */
export type WrittenConfiguration = z.output<typeof configurationSchema>;
