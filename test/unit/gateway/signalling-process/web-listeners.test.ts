/** Where the web is served: HTTP always, HTTPS where others reach it or a certificate is set. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadConfiguration } from '../../../../config/load.ts';
import { succeed } from '../../../../gateway/core/result.ts';
import { webListeners } from '../../../../gateway/signalling-process/web-listeners.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'web-listeners-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function listeners(yaml: string) {
  const environment = { CAUSEWAY_CONFIG: 'test.yaml', CAUSEWAY_DATA: folder };
  const loaded = loadConfiguration(environment, () => succeed(yaml));
  if (!loaded.ok) throw new Error(loaded.fault.detail);
  return webListeners(loaded.value, Date.UTC(2026, 0, 1));
}

const REACHABLE = 'interfaces: [{ name: lan, bind: 192.0.2.1 }]';

describe('the web', () => {
  test('is plain HTTP on loopback', async () => {
    expect(await listeners('{}')).toEqual(succeed([{ address: '127.0.0.1', port: 8080 }]));
  });

  test('is HTTPS too where others reach it, under a certificate that is made once', async () => {
    const first = await listeners(REACHABLE);
    expect(first).toMatchObject({
      ok: true,
      value: [
        { address: '192.0.2.1', port: 8080 },
        { address: '192.0.2.1', port: 8443, identity: { key: expect.stringMatching(/PRIVATE/) } },
      ],
    });
    expect(await listeners(REACHABLE)).toEqual(first);
    expect(statSync(join(folder, 'tls/self-signed.key')).mode & 0o777).toBe(0o600);
  });

  test('uses the certificate that is configured, or says that it cannot', async () => {
    const [certificate, key] = [join(folder, 'c.pem'), join(folder, 'k.pem')];
    const yaml = `https: { certificate_file: ${certificate}, key_file: ${key} }`;
    expect(await listeners(yaml)).toMatchObject({ ok: false });
    writeFileSync(certificate, 'C');
    writeFileSync(key, 'K');
    expect(await listeners(yaml)).toMatchObject({
      value: [{}, { identity: { certificate: 'C', key: 'K' } }],
    });
  });
});
