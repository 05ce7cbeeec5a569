/** The root of the signalling process: wires SIP, browsers' API, calls, media links and traces. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import { CallDriver } from './adapters/calls/call-driver.ts';
import { callFactsOf, callQueries } from './adapters/calls/call-queries.ts';
import { loggedFact } from './adapters/calls/logged-fact.ts';
import { type MediaLinkPlace, MediaLinks } from './adapters/calls/media-links.ts';
import { endOrphan, recoveryOf } from './adapters/calls/orphaned-calls.ts';
import { SystemClock } from './adapters/clock/system-clock.ts';
import { readTextFile } from './adapters/files/read-text-file.ts';
import { HttpServer } from './adapters/http/http-server.ts';
import { JanusDriver } from './adapters/http/janus-driver.ts';
import { StaticFiles } from './adapters/http/static-files.ts';
import { processLog } from './adapters/log/process-log.ts';
import { machineCensus } from './adapters/media-link/machine-census.ts';
import { EXIT_CONFIGURATION } from './adapters/process/child-contract.ts';
import { compileBy, SIGNALLING_CODE } from './adapters/process/compiler.ts';
import { mediaPlaces } from './adapters/process/media-places.ts';
import { beSupervised } from './adapters/process/supervised.ts';
import { SystemRandom } from './adapters/random/system-random.ts';
import { resolveHost } from './adapters/sip/host-resolver.ts';
import { SipTransports, type SipTransportsPorts } from './adapters/sip/sip-transports.ts';
import { adminRoutes } from './admin/routes.ts';
import { echo } from './apps/echo/echo.ts';
import { Switchboard } from './call/switchboard.ts';
import { randomHex } from './core/random.ts';
import { JanusFace } from './janus/face.ts';
import type { JsonObject } from './janus/json.ts';
import { echoTest } from './janus/plugins/echotest.ts';
import { sipPlugin } from './janus/plugins/sip/sip-handle.ts';
import { CallTraces } from './ops/trace/call-traces.ts';
import { authorise } from './routing/authorisation.ts';
import {
  configuredRouting,
  configuredTrunks,
  configuredUsers,
  ownAddresses,
  sipInterfaces,
  sipOptions,
} from './signalling-process/configured.ts';
import { webListeners } from './signalling-process/web-listeners.ts';
import { SipEndpoint } from './sip/endpoint.ts';
import { trunkRegistration } from './trunk/trunk-registration.ts';

/** A media process that is there opens or closes a leg in far less. */
const OPEN_MS = 4_000;
const CLOSE_MS = 2_000;
/** How long BYEs and their answers may take when the gateway stops. */
const STOP_MS = 3_000;
const STOP_POLL_MS = 20;
/** For the traces of one call, as a rule: a dozen messages with their descriptions. */
const TRACE_BYTES_PER_CALL = 16_384;
const MAX_TRACE_BYTES = 64 * 1_024 * 1_024;
const FAILED_TRACE_SHARE = 0.25;
const NONCE_KEY_BYTES = 32;

compileBy(SIGNALLING_CODE);
const loaded = loadConfiguration(process.env, readTextFile);
if (!loaded.ok) {
  process.stderr.write(`${loaded.fault.detail}\n`);
  process.exit(EXIT_CONFIGURATION);
}
const configuration = loaded.value;
const clock = new SystemClock();
const random = new SystemRandom();
const log = processLog('signalling', configuration.log, clock);
const version = packageVersion();

const users = configuredUsers(configuration);
const trunks = configuredTrunks(configuration);
const own = ownAddresses(configuration);
const board = new Switchboard(
  {
    limits: {
      calls: configuration.limits.calls,
      callsPerUser: configuration.limits.callsPerUser,
      answerMs: configuration.sip.ringTimeoutSeconds * 1_000,
      openMs: OPEN_MS,
      closeMs: CLOSE_MS,
    },
    applications: { echo },
    routing: configuredRouting(configuration, users, trunks),
    users,
    trunks,
  },
  random,
);
const traceBytes = Math.min(configuration.trace.calls * TRACE_BYTES_PER_CALL, MAX_TRACE_BYTES);
const traces = new CallTraces({
  bytes: traceBytes,
  failedBytes: Math.round(traceBytes * FAILED_TRACE_SHARE),
  recordsPerCall: configuration.trace.recordsPerCall,
  formatInstant: (wallClockMs) => new Date(wallClockMs).toISOString(),
});

const endpoint = new SipEndpoint(
  sipOptions(configuration, randomHex(random, NONCE_KEY_BYTES)),
  {
    authorise: (query) => authorise({ own, users, trunks, ...digestPolicy() }, query),
    userCredentials: (realm, username) => users.credentials(realm, username),
    accountCredentials: ({ account, realm }) => board.credentials(account, realm),
  },
  random,
);
const sipPorts: SipTransportsPorts = {
  clock,
  log,
  onEvent: (event) => calls.feed({ type: 'sip', event }),
  onTrace: (record) => {
    const call = record.leg === undefined ? undefined : board.callOfLeg(record.leg);
    traces.sip(record, call, clock.wallClockMs());
  },
  resolve: (query) => resolveHost(query),
};
const sip = new SipTransports(endpoint, sipPorts, configuration.limits.sipConnections);

const links = new MediaLinks(linkPlaces(), randomHex(random, 8), {
  event: (from, event) => calls.feed({ type: 'media-event', process: from, event }),
  up: (id) => calls.feed({ type: 'media-up', process: id }),
  down: (id) => {
    log.error('media.lost', { id });
    calls.feed({ type: 'media-down', process: id });
  },
  found: (_, { session, recovery }) => {
    if (board.calls().some(({ call }) => call === session)) return true;
    const dialogs = endOrphan(endpoint, recovery, (command) => sip.command(command));
    log.warn('call.orphan-ended', { call: session, dialogs });
    return false;
  },
});

const face = new JanusFace(janusOptions(), [echoTest, sipPlugin], random);
const janus = new JanusDriver(face, clock, {
  incomingLeg: (leg) => calls.feed({ type: 'janus-leg', leg }),
  legEvent: (leg, event) => calls.feed({ type: 'janus-event', leg, event }),
  accountCommand: (command) => calls.feed({ type: 'account-command', command }),
  callFacts: async (leg) => (await callFactsOf(board, links, leg)) as JsonObject,
  trace: (leg, direction, message) => {
    const call = board.callOfLeg(leg);
    if (call !== undefined) traces.api(call, direction, message, clock.wallClockMs());
  },
});

const calls = new CallDriver(board, clock, {
  sip: (command) => sip.command(command),
  janus: (leg, command) => janus.legCommand(leg, command),
  accountEvent: (event) => janus.accountEvent(event),
  media: (to, command) => links.execute(to, command),
  recovery: ({ process: at, call, legs }) => {
    const recovery = recoveryOf(endpoint, call, legs);
    void links.execute(at, { op: 'attach-recovery', session: call, recovery });
  },
  fact: (fact) => {
    log.info(fact.event, loggedFact(fact));
    traces.fact(fact, clock.wallClockMs());
  },
  record: (record) => {
    const { call, cause, endedBy } = record;
    log.info('call.ended', { call, cause: cause.name, by: endedBy });
    traces.end(record, clock.wallClockMs());
  },
});

const web = new HttpServer({
  origins: { allowed: configuration.http.allowedOrigins, ownNames: own.domains },
  routes: adminRoutes({
    readiness: () => {
      const missing = links.ready.length === 0 ? ['no media process answers'] : [];
      return { ready: missing.length === 0, missing };
    },
    calls: callQueries(board, traces),
    census,
    version,
  }),
  files: StaticFiles.read(join(import.meta.dirname, '../build/admin-ui')),
  janus,
  maximumWebSockets: configuration.limits.websockets,
  log,
});

const orphanMs = configuration.media.orphanSeconds * 1_000;
const tellReady = beSupervised({ log, orphanMs, stop });
await serve();

/** SIP first: phones must never find the port closed for longer than it takes to start. */
async function serve(): Promise<void> {
  links.start();
  try {
    await sip.open(sipInterfaces(configuration));
    const listeners = await webListeners(configuration, clock.wallClockMs());
    if (!listeners.ok) throw new Error(listeners.fault.detail);
    for (const listener of listeners.value) await web.listen(listener);
    const page = listeners.value.find(({ identity }) => identity !== undefined);
    log.info('signalling.ready', { sip: configuration.sip.port });
    tellReady({ page: pageOf(page ?? listeners.value[0]) });
  } catch (error) {
    log.error('signalling.cannot-start', { reason: String(error) });
    process.exit(EXIT_CONFIGURATION);
  }
  for (const trunk of trunks.all()) {
    const command = trunkRegistration(trunk);
    if (command !== undefined) sip.command(command);
  }
}

/** Hangs up on everybody, waits until that is acknowledged, and goes. */
async function stop(): Promise<void> {
  calls.feed({ type: 'stop', cause: { name: 'shutdown' } });
  const until = clock.now() + STOP_MS;
  const busy = () => board.counts().calls > 0 || endpoint.counts().dialogs > 0;
  while (busy() && clock.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MS));
  }
  calls.close();
  janus.close();
  await web.close();
  await sip.close();
  links.close();
}

/** What is alive in this process and in every media process, for leak checks. */
async function census(collectGarbage: boolean): Promise<object> {
  if (collectGarbage) machineCensus.collectGarbage();
  const media = await Promise.all(
    links.ids.map(async (id) => {
      const reply = await links.execute(id, { op: 'census', collectGarbage });
      return { process: id, ...(reply.op === 'census' ? reply.census : { fault: reply.op }) };
    }),
  );
  return {
    signalling: {
      calls: board.counts(),
      sip: { ...endpoint.counts(), connections: sip.connections },
      janus: janus.counts(),
      descriptors: machineCensus.descriptors(),
      heapUsedBytes: machineCensus.heapUsedBytes(),
      residentBytes: machineCensus.residentBytes(),
    },
    media,
  };
}

function digestPolicy(): Pick<Parameters<typeof authorise>[0], 'realm' | 'algorithms'> {
  const { realm, digestAlgorithms } = configuration.sip;
  const algorithms = digestAlgorithms.map((name) => (name === 'md5' ? 'MD5' : 'SHA-256'));
  return { realm, algorithms };
}

function linkPlaces(): MediaLinkPlace[] {
  const { dataDirectory, media } = configuration;
  return mediaPlaces(dataDirectory, media.processes, availableParallelism());
}

function janusOptions(): ConstructorParameters<typeof JanusFace>[0] {
  const { janus: options, limits } = configuration;
  return {
    apiSecret: options.apiSecret,
    tokens: options.tokens,
    sessionTimeoutMs: options.sessionTimeoutSeconds * 1_000,
    reclaimTimeoutMs: options.reclaimSessionTimeoutSeconds * 1_000,
    longPollMs: options.longPollSeconds * 1_000,
    candidatesTimeoutMs: options.candidatesTimeoutSeconds * 1_000,
    maximumSessions: limits.janusSessions,
    maximumHandlesPerSession: limits.janusHandlesPerSession,
    mediaInterface: configuredRouting(configuration, users, trunks).interfaces.outside,
    serverName: 'Causeway',
    version,
  };
}

function pageOf(listener: { address: string; port: number; identity?: object } | undefined) {
  if (listener === undefined) return undefined;
  const scheme = listener.identity === undefined ? 'http' : 'https';
  const host = listener.address.includes(':') ? `[${listener.address}]` : listener.address;
  return `${scheme}://${host}:${listener.port}/`;
}

function packageVersion(): string {
  const file = readTextFile(join(import.meta.dirname, '../package.json'));
  return file.ok ? String(JSON.parse(file.value).version) : '0.0.0';
}
