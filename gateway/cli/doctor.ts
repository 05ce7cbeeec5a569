/** `causeway doctor`: examines this machine, and the gateway if it runs. */
import type { Configuration } from '../../config/configuration.ts';
import { warnings } from '../../config/rules.ts';
import { loadOpus } from '../../transcoder/native/load.ts';
import { SystemClock } from '../adapters/clock/system-clock.ts';
import { exitCodeOf, type Finding, findingLines } from '../adapters/command-line/finding.ts';
import {
  examineAddon,
  examineBuffers,
  examineCertificate,
  examineClock,
  examineDataDirectory,
  examineDescriptors,
  examinePort,
  examineRuntime,
} from '../adapters/command-line/host-examination.ts';
import { readTextFile } from '../adapters/files/read-text-file.ts';
import { placeEchoCall } from '../adapters/self-test/echo-call.ts';
import { loadNative } from '../native/load.ts';
import { judgeEcho } from '../ops/self-test/echo-verdict.ts';
import { ask } from './call.ts';
import { configurationOf } from './check.ts';
import { echoRequestTo } from './echo-request.ts';

export interface Examination {
  /** Whether the gateway, if it runs, is called. */
  readonly call: boolean;
}

/** Gives the exit code: 1 if anything is bad. */
export async function examine(examination: Examination): Promise<0 | 1> {
  const findings = [...examineHost(), ...(await examineGateway(examination))];
  process.stdout.write(findingLines(findings));
  return exitCodeOf(findings);
}

function examineHost(): Finding[] {
  return [
    examineRuntime(process.version),
    examineAddon('media', () => loadNative()),
    examineAddon('codecs', () => loadOpus()),
    examineBuffers(textOf('/proc/sys/net/core/rmem_max')),
    examineDescriptors(textOf('/proc/self/limits')),
    examineClock(new SystemClock()),
  ];
}

async function examineGateway({ call }: Examination): Promise<Finding[]> {
  const loaded = configurationOf();
  if (!loaded.ok) {
    return [{ name: 'configuration', verdict: 'bad', detail: loaded.fault.detail }];
  }
  const configuration = loaded.value;
  const findings: Finding[] = [
    { name: 'configuration', verdict: 'good', detail: 'no mistakes' },
    ...warnings(configuration).map(
      (detail): Finding => ({ name: 'configuration', verdict: 'warning', detail }),
    ),
    examineDataDirectory(configuration.dataDirectory),
    examineCertificate(configuration.https.certificateFile, new SystemClock()),
  ];
  const health = await ask('/readyz');
  if (health.ok) {
    const ready: Finding = { name: 'gateway', verdict: 'good', detail: 'ready' };
    return [...findings, ready, ...(call ? [await examineEcho(configuration)] : [])];
  }
  if (health.fault.code === 'gateway.refused') {
    return [...findings, { name: 'gateway', verdict: 'bad', detail: health.fault.detail }];
  }
  const silent: Finding = { name: 'gateway', verdict: 'warning', detail: 'does not run' };
  return [...findings, silent, ...(await examinePorts(configuration))];
}

/** Places a WebRTC call into the running gateway, to its echo. */
async function examineEcho(configuration: Configuration): Promise<Finding> {
  const outcome = await placeEchoCall(echoRequestTo(configuration));
  return { name: 'echo call', ...judgeEcho(outcome) };
}

/** Only while the gateway doesn't run: then its ports must be free. */
async function examinePorts(configuration: Configuration): Promise<Finding[]> {
  const { http, sip, webrtc, rtp, interfaces } = configuration;
  const bind = interfaces[0]?.bind ?? '127.0.0.1';
  return [
    await examinePort('port HTTP', 'tcp', bind, http.port),
    await examinePort('port SIP', 'udp', bind, sip.port),
    await examinePort('port SIP', 'tcp', bind, sip.port),
    await examinePort('port WebRTC', 'udp', bind, webrtc.port),
    await examinePort('port RTP', 'udp', bind, rtp.ports.first),
  ];
}

function textOf(path: string): string {
  const text = readTextFile(path);
  return text.ok ? text.value : '';
}
