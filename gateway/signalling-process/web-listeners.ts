/** Where HTTP and HTTPS are served, and under which certificate. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../../config/configuration.ts';
import { readTextFile } from '../adapters/files/read-text-file.ts';
import type { Listener } from '../adapters/http/http-server.ts';
import { makeSelfSigned, type TlsIdentity } from '../adapters/http/self-signed.ts';
import { isLoopbackAddress } from '../core/ip-network.ts';
import { fail, type Result, succeed } from '../core/result.ts';

/**
 * HTTPS is served once there is a certificate or an address that others reach, since browsers give
 * a microphone to secure pages only.
 */
export function servesHttps({ https, interfaces }: Configuration): boolean {
  const isReachable = interfaces.some(({ bind }) => !isLoopbackAddress(bind));
  return https.certificateFile !== undefined || isReachable;
}

/** Plain HTTP everywhere, and HTTPS where it is served. Fault: `file.unreadable`. */
export async function webListeners(
  configuration: Configuration,
  wallClockMs: number,
): Promise<Result<Listener[]>> {
  const { http, https, interfaces } = configuration;
  const addresses = [...new Set(interfaces.map(({ bind }) => bind))];
  const plain = addresses.map((address) => ({ address, port: http.port }));
  if (!servesHttps(configuration)) return succeed(plain);
  const identity = await identityOf(configuration, wallClockMs);
  if (!identity.ok) return identity;
  const secure = addresses.map((address) => {
    return { address, port: https.port, identity: identity.value };
  });
  return succeed([...plain, ...secure]);
}

async function identityOf(
  configuration: Configuration,
  wallClockMs: number,
): Promise<Result<TlsIdentity>> {
  const { certificateFile, keyFile } = configuration.https;
  if (certificateFile !== undefined && keyFile !== undefined) {
    return readIdentity(certificateFile, keyFile);
  }
  const folder = join(configuration.dataDirectory, 'tls');
  const files = [join(folder, 'self-signed.crt'), join(folder, 'self-signed.key')] as const;
  const kept = readIdentity(...files);
  if (kept.ok) return kept;
  const names = configuration.interfaces.flatMap(({ bind, advertise }) => advertise ?? bind);
  const made = await makeSelfSigned([...new Set(names)], wallClockMs);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(files[0], made.certificate, { mode: 0o600 });
    writeFileSync(files[1], made.key, { mode: 0o600 });
  } catch (error) {
    return fail('file.unwritable', String(error));
  }
  return succeed(made);
}

function readIdentity(certificateFile: string, keyFile: string): Result<TlsIdentity> {
  const certificate = readTextFile(certificateFile);
  if (!certificate.ok) return certificate;
  const key = readTextFile(keyFile);
  return key.ok ? succeed({ certificate: certificate.value, key: key.value }) : key;
}
