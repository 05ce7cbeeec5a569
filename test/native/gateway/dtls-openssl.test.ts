import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Dtls, DtlsHandle, DtlsRole } from '../../../gateway/native/contract.ts';
import { loadNative } from '../../../gateway/native/load.ts';

const dtls: Dtls = loadNative().openDtls();
const identity = dtls.createIdentity();
const folder = mkdtempSync(join(tmpdir(), 'dtls-'));
const KEY = join(folder, 'key.pem');
const CERTIFICATE = join(folder, 'certificate.pem');
const EXPORT = ['-keymatexport', 'EXTRACTOR-dtls_srtp', '-keymatexportlen', '60'];
const COMMON = ['-dtls1_2', '-key', KEY, '-cert', CERTIFICATE, ...EXPORT];

let socket: Socket;
let child: ChildProcess | undefined;

beforeAll(() => {
  const subject = ['-subj', '/CN=peer', '-days', '2', '-keyout', KEY, '-out', CERTIFICATE];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], {
    stdio: 'ignore',
  });
});

afterEach(() => {
  child?.kill('SIGKILL');
  socket.close();
});

afterAll(() => rmSync(folder, { recursive: true }));

async function bindSocket(): Promise<number> {
  socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}

/** Runs `openssl` and resolves with all that it printed once `pattern` is in it. */
function openssl(args: readonly string[], pattern: RegExp): Promise<string> {
  const started = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child = started;
  let output = '';
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk;
      if (pattern.test(output)) resolve(output);
    };
    started.stdout.on('data', take);
    started.stderr.on('data', take);
    started.on('exit', (code) => reject(new Error(`openssl ended with ${code}:\n${output}`)));
  });
}

/** Drives an association over the socket until it is no longer handshaking. */
function drive(role: DtlsRole, peerPort?: number): Promise<DtlsHandle> {
  const association = dtls.open({
    identity: identity.handle,
    role,
    profiles: ['AES_CM_128_HMAC_SHA1_80'],
  });
  const sendTo = (port: number) => {
    for (let out = dtls.takeOutgoing(association); out; out = dtls.takeOutgoing(association)) {
      socket.send(out, port, '127.0.0.1');
    }
  };
  if (peerPort !== undefined) sendTo(peerPort);
  return new Promise((resolve) => {
    socket.on('message', (datagram, { port }) => {
      const status = dtls.receive(association, datagram);
      sendTo(port);
      if (status !== 'handshaking') resolve(association);
    });
  });
}

/** What OpenSSL's own tool exported: client key, server key, client salt, server salt. */
function exportedBy(output: string): readonly string[] {
  const hex = /Keying material: ([0-9A-F]+)/.exec(output)?.[1]?.toLowerCase() ?? '';
  return [hex.slice(0, 32), hex.slice(32, 64), hex.slice(64, 92), hex.slice(92, 120)];
}

function exportedByUs(association: DtlsHandle): readonly string[] {
  const keys = dtls.exportSrtp(association);
  const list = [keys.localKey, keys.remoteKey, keys.localSalt, keys.remoteSalt];
  return list.map((octets) => Buffer.from(octets).toString('hex'));
}

describe("DTLS with OpenSSL's own tools as the peer", () => {
  test('as a server, agrees with a client on keys and certificates', async () => {
    const port = await bindSocket();
    const connected = drive('server');
    const options = ['-connect', `127.0.0.1:${port}`, '-use_srtp', 'SRTP_AES128_CM_SHA1_80'];
    const output = await openssl(['s_client', ...COMMON, ...options], /Keying material: \w+\n/);
    const association = await connected;
    expect(dtls.failure(association)).toBeUndefined();
    expect(dtls.status(association)).toBe('connected');
    const [localKey, remoteKey, localSalt, remoteSalt] = exportedByUs(association);
    expect([remoteKey, localKey, remoteSalt, localSalt]).toEqual(exportedBy(output));
    const { fingerprint256 } = new X509Certificate(readFileSync(CERTIFICATE));
    expect(dtls.peerFingerprint(association, 'sha-256')).toBe(fingerprint256);
    expect(output).toContain('SRTP Extension negotiated, profile=SRTP_AES128_CM_SHA1_80');
    expect(output).toContain('Extended master secret: yes');
  });

  test('as a client, agrees with a server on keys', async () => {
    await bindSocket();
    const port = await freePort();
    const options = ['-accept', `127.0.0.1:${port}`, '-use_srtp', 'SRTP_AES128_CM_SHA1_80'];
    const verify = ['-Verify', '1', '-naccept', '1'];
    await openssl(['s_server', ...COMMON, ...options, ...verify], /ACCEPT\n/);
    const printed = new Promise<string>((resolve) => {
      let output = '';
      child?.stdout?.on('data', (chunk: Buffer) => {
        output += chunk;
        if (/Keying material: \w+\n/.test(output)) resolve(output);
      });
    });
    const association = await drive('client', port);
    expect(dtls.failure(association)).toBeUndefined();
    const [localKey, remoteKey, localSalt, remoteSalt] = exportedByUs(association);
    const expected = exportedBy(await printed);
    expect([localKey, remoteKey, localSalt, remoteSalt]).toEqual(expected);
  });

  test('refuses a client without a certificate, and one without use_srtp', async () => {
    for (const args of [
      ['-dtls1_2', '-use_srtp', 'SRTP_AES128_CM_SHA1_80'],
      ['-dtls1_2', '-key', KEY, '-cert', CERTIFICATE],
    ]) {
      const port = await bindSocket();
      const ended = drive('server');
      void openssl(['s_client', ...args, '-connect', `127.0.0.1:${port}`], /$^/).catch(() => {});
      const association = await ended;
      expect(dtls.status(association)).toBe('failed');
      expect(() => dtls.exportSrtp(association)).toThrow();
      child?.kill('SIGKILL');
      socket.close();
    }
    await bindSocket();
  });
});

async function freePort(): Promise<number> {
  const probe = createSocket('udp4');
  probe.bind(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
