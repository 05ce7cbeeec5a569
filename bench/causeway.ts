/** Causeway as a relay under test: the whole product, its calls made by SIP and the Janus API. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallDescription, readDescription, writeDescription } from './call-description.ts';
import { startPinned, untilReady } from './child-process.ts';
import { JanusClient } from './janus-client.ts';
import type { RelayedCall, RelayUnderTest, RunningRelay } from './relay-under-test.ts';
import { SipPhone } from './sip-phone.ts';

const ROOT = join(import.meta.dirname, '..');
const ADDRESS = '127.0.0.1';
/** Another loopback address, for a trunk is recognised by where its requests come from. */
const CALLEE_ADDRESS = '127.0.0.2';
const START_PATIENCE_MS = 20_000;

export interface CausewayOptions {
  /** A handful of ports from here on serve HTTP, SIP, WebRTC and the benchmark's phones. */
  readonly firstPort: number;
  readonly mediaPorts: readonly [number, number];
}

export function causeway(options: CausewayOptions): RelayUnderTest {
  const command = [process.execPath, join(ROOT, 'gateway/main.ts')];
  return {
    name: 'causeway',
    command,
    version: () => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version,
    async start(core) {
      const directory = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
      const file = join(directory, 'causeway.yaml');
      const ports = portsOf(options);
      /* JSON is YAML, too. */
      writeFileSync(file, JSON.stringify(configuration(directory, ports, options), undefined, 2));
      const started = startPinned(core, command, { ...process.env, CAUSEWAY_CONFIG: file });
      const end = async () => {
        await started.end();
        rmSync(directory, { recursive: true });
      };
      try {
        await untilReady(started, () => fetchReadiness(ports.http), START_PATIENCE_MS);
        const ends = await openEnds(ports);
        return runningCauseway(ends, started.processId, async () => {
          await end();
          ends.close();
        });
      } catch (error) {
        await end();
        throw error;
      }
    },
  };
}

interface Ports {
  readonly http: number;
  readonly sip: number;
  readonly webrtc: number;
  readonly caller: number;
  readonly callee: number;
}

function portsOf({ firstPort }: CausewayOptions): Ports {
  return {
    http: firstPort,
    sip: firstPort + 1,
    webrtc: firstPort + 2,
    caller: firstPort + 3,
    callee: firstPort + 4,
  };
}

/** Two trunks and the way from one to the other; everything else as an operator meets it. */
function configuration(directory: string, ports: Ports, options: CausewayOptions) {
  const trunk = (name: string, address: string, port: number, srtp: string) => ({
    name,
    targets: [`sip:${address}:${port}`],
    codecs: ['pcmu'],
    srtp,
  });
  return {
    data_directory: join(directory, 'data'),
    http: { port: ports.http },
    sip: { port: ports.sip },
    webrtc: { port: ports.webrtc, include_host_address: false },
    rtp: { ports: options.mediaPorts.join('-'), talk_timeout_seconds: 3600 },
    media: { processes: 1 },
    trunks: [
      trunk('caller', ADDRESS, ports.caller, 'preferred'),
      trunk('callee', CALLEE_ADDRESS, ports.callee, 'off'),
    ],
    routes: [
      { from: 'trunk:caller', to: { trunk: 'callee' } },
      { from: 'api', to: { trunk: 'callee' } },
    ],
    log: { level: 'warn', format: 'json' },
  };
}

async function fetchReadiness(port: number): Promise<void> {
  const response = await fetch(`http://${ADDRESS}:${port}/readyz`);
  if (!response.ok) throw new Error(`/readyz answers ${response.status}`);
}

/** The benchmark's own ends of every call: a phone that calls, one that answers, a browser. */
interface Ends {
  readonly caller: SipPhone;
  readonly callee: SipPhone;
  readonly browser: JanusClient;
  /** What the callee answers with, and what it was offered, by the number called. */
  readonly answers: Map<string, string>;
  readonly offers: Map<string, string>;
  close(): void;
}

async function openEnds(ports: Ports): Promise<Ends> {
  const gateway = { address: ADDRESS, port: ports.sip };
  const answers = new Map<string, string>();
  const offers = new Map<string, string>();
  const [caller, callee, browser] = await Promise.all([
    SipPhone.open({ address: ADDRESS, port: ports.caller }, gateway, () => undefined),
    SipPhone.open({ address: CALLEE_ADDRESS, port: ports.callee }, gateway, (called, offer) => {
      offers.set(called, offer);
      return answers.get(called);
    }),
    JanusClient.open(`ws://${ADDRESS}:${ports.http}/janus`),
  ]);
  const close = () => {
    for (const end of [caller, callee, browser]) end.close();
  };
  return { caller, callee, browser, answers, offers, close };
}

function runningCauseway(ends: Ends, processId: number, stop: () => Promise<void>): RunningRelay {
  let calls = 0;
  return {
    processId,
    stop,
    async call(caller, callee) {
      calls += 1;
      const number = String(7000 + calls);
      ends.answers.set(number, writeDescription(callee));
      const towardsCaller = readDescription(await placeCall(ends, number, caller));
      return { towardsCaller, towardsCallee: offerTo(ends, number) };
    },
  };
}

/** By SIP, or as a browser would; resolves with the answer. */
async function placeCall(ends: Ends, number: string, caller: CallDescription): Promise<string> {
  const offer = writeDescription(caller);
  if (caller.keying.kind === 'dtls') return ends.browser.call(`sip:${number}@${ADDRESS}`, offer);
  const call = await ends.caller.call(number, offer);
  return call.answer;
}

function offerTo(ends: Ends, number: string): RelayedCall['towardsCallee'] {
  const offer = ends.offers.get(number);
  if (offer === undefined) throw new Error(`the call to ${number} was answered by someone else`);
  return readDescription(offer);
}
