/** Examines this machine for what a gateway needs: runtime, buffers, descriptors, clock, ports. */
import { X509Certificate } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { accessSync, constants, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Clock } from '../../core/time.ts';
import { readTextFile } from '../files/read-text-file.ts';
import type { Finding, Verdict } from './finding.ts';

const OLDEST_NODE = 24;
/** Holds 50 ms of 100 calls on one socket, with what the kernel adds to each datagram. */
const ENOUGH_BUFFER_BYTES = 1_048_576;
const ENOUGH_DESCRIPTORS = 4_096;
const CERTIFICATE_NOTICE_MS = 14 * 24 * 3_600_000;
/** No clock of a machine that was set once is before this. */
const EARLIEST_PLAUSIBLE_MS = Date.UTC(2026, 0, 1);

export function examineRuntime(version: string): Finding {
  const major = Number.parseInt(version.replace(/^v/, ''), 10);
  return finding('runtime', major >= OLDEST_NODE ? 'good' : 'bad', `Node ${version}`);
}

/** `load` throws when the addon is missing or doesn't fit. */
export function examineAddon(name: string, load: () => unknown): Finding {
  try {
    load();
    return finding(`addon ${name}`, 'good', 'loads');
  } catch (error) {
    return finding(`addon ${name}`, 'bad', (error as Error).message.split('\n')[0] ?? '');
  }
}

/** `maximum` is the kernel's `net.core.rmem_max` as its file says it. */
export function examineBuffers(maximum: string): Finding {
  const bytes = Number(maximum);
  const verdict = bytes >= ENOUGH_BUFFER_BYTES ? 'good' : 'warning';
  const advice = verdict === 'good' ? '' : `; set it to ${ENOUGH_BUFFER_BYTES} or more`;
  return finding('receive buffers', verdict, `net.core.rmem_max is ${bytes}${advice}`);
}

/** `limits` is the text of `/proc/self/limits`. */
export function examineDescriptors(limits: string): Finding {
  const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.NaN);
  const verdict = soft >= ENOUGH_DESCRIPTORS ? 'good' : 'warning';
  return finding('open files', verdict, `${soft} allowed; a plain RTP leg takes two`);
}

export function examineClock(clock: Clock): Finding {
  const now = clock.wallClockMs();
  const verdict = now > EARLIEST_PLAUSIBLE_MS ? 'good' : 'bad';
  return finding('clock', verdict, new Date(now).toISOString());
}

export function examineDataDirectory(path: string): Finding {
  if (!existsSync(path)) return finding('data directory', 'good', `${path} will be made`);
  try {
    accessSync(path, constants.W_OK);
    return finding('data directory', 'good', path);
  } catch {
    return finding('data directory', 'bad', `${path} can't be written`);
  }
}

/** Without a path the gateway makes a certificate of its own where it needs one. */
export function examineCertificate(path: string | undefined, clock: Clock): Finding {
  if (path === undefined) return finding('certificate', 'good', 'none set');
  const text = readTextFile(path);
  if (!text.ok) return finding('certificate', 'bad', text.fault.detail);
  try {
    const until = new X509Certificate(text.value).validTo;
    const leftMs = Date.parse(until) - clock.wallClockMs();
    return finding('certificate', certificateVerdict(leftMs), `valid until ${until}`);
  } catch (error) {
    return finding('certificate', 'bad', `${path}: ${(error as Error).message}`);
  }
}

/** Whether a port can be bound now. */
export async function examinePort(
  name: string,
  transport: 'udp' | 'tcp',
  address: string,
  port: number,
): Promise<Finding> {
  const place = `${address}:${port}/${transport}`;
  try {
    await (transport === 'udp' ? bindUdp(address, port) : bindTcp(address, port));
    return finding(name, 'good', `${place} is free`);
  } catch (error) {
    return finding(name, 'bad', `${place}: ${(error as Error).message}`);
  }
}

function certificateVerdict(leftMs: number): Verdict {
  if (leftMs <= 0) return 'bad';
  return leftMs < CERTIFICATE_NOTICE_MS ? 'warning' : 'good';
}

function bindUdp(address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', (error) => socket.close(() => reject(error)));
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve()));
  });
}

function bindTcp(address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

function finding(name: string, verdict: Verdict, detail: string): Finding {
  return { name, verdict, detail };
}
