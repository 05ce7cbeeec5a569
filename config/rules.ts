/** What holds between values: names that exist, ports that never meet, pairs that belong. */
import type { Configuration } from './configuration.ts';
import type { WrittenConfiguration } from './schema.ts';

export type ValuePath = readonly (string | number)[];

/**
 * The path of a Unix socket has 107 bytes (`sun_path` of unix(7), less its end), and the longest of
 * those in the data directory ends so.
 */
const MAX_DATA_DIRECTORY_BYTES = 107 - '/run/media-255.sock'.length;

/** Something wrong with the value at `path`. */
export interface Violation {
  readonly path: ValuePath;
  readonly reason: string;
}

/** Every violation of the rules between values; an empty list is a good configuration. */
export function violations(written: WrittenConfiguration): Violation[] {
  return [
    ...repeatedNames(written),
    ...brokenReferences(written),
    ...brokenRoutes(written),
    ...brokenPairs(written),
    ...meetingPorts(written),
    ...longPaths(written),
  ];
}

/** What is allowed and yet deserves a second look; said once at the start. */
export function warnings(configuration: Configuration): string[] {
  return configuration.trunks
    .filter((trunk) => trunk.srtp !== 'off')
    .map((trunk) => `trunk ${trunk.name}: SRTP keys travel readable over SIP without TLS`);
}

function repeatedNames(written: WrittenConfiguration): Violation[] {
  const kinds = ['interfaces', 'trunks', 'extensions'] as const;
  const users = written.users.map((user) => `${user.name}@${user.domain ?? ''}`);
  return [
    ...kinds.flatMap((kind) =>
      repeats(
        kind,
        written[kind].map((entry) => entry.name),
      ),
    ),
    ...repeats('users', users),
  ];
}

function repeats(kind: string, names: readonly string[]): Violation[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [
          {
            path: [kind, index, 'name'],
            reason: `the name is taken by entry ${names.indexOf(name)}`,
          },
        ]
      : [],
  );
}

function brokenReferences(written: WrittenConfiguration): Violation[] {
  const interfaces = written.interfaces.map((entry) => entry.name);
  const kinds = ['users', 'trunks'] as const;
  return kinds.flatMap((kind) =>
    written[kind].flatMap((entry, index) =>
      entry.interface === undefined || interfaces.includes(entry.interface)
        ? []
        : [
            {
              path: [kind, index, 'interface'],
              reason: `no interface is named ${entry.interface}`,
            },
          ],
    ),
  );
}

function brokenRoutes(written: WrittenConfiguration): Violation[] {
  const names = {
    user: written.users.map((user) => user.name),
    trunk: written.trunks.map((trunk) => trunk.name),
    extension: written.extensions.map((extension) => extension.name),
  };
  return written.routes.flatMap((route, index) => {
    const found: Violation[] = [];
    if (Object.keys(route.to).length !== 1) {
      const reason = 'expected one of user, trunk, extension, as_dialled, reject';
      found.push({ path: ['routes', index, 'to'], reason });
    }
    for (const kind of ['user', 'trunk', 'extension'] as const) {
      const named = route.to[kind];
      if (named !== undefined && !names[kind].includes(named)) {
        found.push({ path: ['routes', index, 'to', kind], reason: `no ${kind} is named ${named}` });
      }
    }
    const [kind, named] = route.from.split(':');
    if (named !== undefined && !names[kind === 'user' ? 'user' : 'trunk'].includes(named)) {
      found.push({ path: ['routes', index, 'from'], reason: `no ${kind} is named ${named}` });
    }
    return found;
  });
}

function brokenPairs(written: WrittenConfiguration): Violation[] {
  const found: Violation[] = [];
  const { certificate_file: certificate, key_file: key } = written.https;
  if ((certificate === undefined) !== (key === undefined)) {
    found.push({ path: ['https'], reason: 'certificate_file and key_file come together' });
  }
  written.users.forEach((user, index) => {
    if ((user.password === undefined) === (user.ha1 === undefined)) {
      found.push({ path: ['users', index], reason: 'expected either password or ha1' });
    }
  });
  written.trunks.forEach((trunk, index) => {
    if (trunk.register && trunk.credentials === undefined) {
      found.push({ path: ['trunks', index, 'register'], reason: 'registering needs credentials' });
    }
  });
  written.interfaces.forEach((entry, index) => {
    if (isWildcard(entry.bind) && entry.advertise === undefined) {
      const reason = 'bound to every address, so advertise must say which one peers use';
      found.push({ path: ['interfaces', index, 'advertise'], reason });
    }
  });
  if (written.sip.registration_minimum_seconds > written.sip.registration_seconds) {
    const reason = 'the minimum exceeds registration_seconds';
    found.push({ path: ['sip', 'registration_minimum_seconds'], reason });
  }
  return found;
}

function meetingPorts(written: WrittenConfiguration): Violation[] {
  const { http, https, sip, webrtc, rtp } = written;
  const found: Violation[] = [];
  const inRtp = (port: number): boolean => port >= rtp.ports.first && port <= rtp.ports.last;
  if (inRtp(sip.port)) found.push({ path: ['sip', 'port'], reason: 'lies within rtp.ports' });
  if (inRtp(webrtc.port)) found.push({ path: ['webrtc', 'port'], reason: 'lies within rtp.ports' });
  if (webrtc.port !== 0 && webrtc.port === sip.port) {
    found.push({ path: ['webrtc', 'port'], reason: 'is sip.port, which is UDP too' });
  }
  if (http.port !== 0 && http.port === https.port) {
    found.push({ path: ['https', 'port'], reason: 'is http.port' });
  }
  return found;
}

function longPaths({ data_directory: path }: WrittenConfiguration): Violation[] {
  const bytes = Buffer.byteLength(path);
  if (bytes <= MAX_DATA_DIRECTORY_BYTES) return [];
  const room = `the sockets in it leave room for ${MAX_DATA_DIRECTORY_BYTES}`;
  const reason = `is ${bytes} bytes long, and ${room}: choose a shorter path`;
  return [{ path: ['data_directory'], reason }];
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
