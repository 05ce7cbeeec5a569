/** What `info` tells about this server, in the fields that clients of the Janus API know. */
import type { JanusOptions } from './contract.ts';
import type { JsonObject } from './json.ts';
import type { Plugin } from './plugins/plugin.ts';

/** The version of the Janus API that this face speaks: 1.4.1. */
const API_VERSION = 1401;

export function serverInfo(
  options: JanusOptions,
  plugins: readonly Plugin[],
  acceptsSessions: boolean,
): JsonObject {
  return {
    name: 'Causeway',
    version: API_VERSION,
    version_string: options.version,
    author: 'The Causeway authors',
    data_channels: false,
    'accepting-new-sessions': acceptsSessions,
    'session-timeout': seconds(options.sessionTimeoutMs),
    'reclaim-session-timeout': seconds(options.reclaimTimeoutMs),
    'candidates-timeout': seconds(options.candidatesTimeoutMs),
    'server-name': options.serverName,
    ipv6: true,
    'ice-lite': true,
    'ice-tcp': false,
    'full-trickle': false,
    'mdns-enabled': false,
    'dtls-mtu': 1_200,
    api_secret: options.apiSecret !== undefined,
    auth_token: options.tokens.length > 0 || options.tokenSigningKey !== undefined,
    event_handlers: false,
    opaqueid_in_api: false,
    transports: {
      'janus.transport.http': describe('REST', 'REST with long polls', 1),
      'janus.transport.websockets': describe('WebSocket', 'JSON over WebSocket', 1),
    },
    events: {},
    loggers: {},
    plugins: Object.fromEntries(
      plugins.map(({ name, title, description, version }) => [
        name,
        describe(title, description, version),
      ]),
    ),
  };
}

function describe(name: string, description: string, version: number): JsonObject {
  return { name, description, version, version_string: String(version), author: 'Causeway' };
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1_000);
}
