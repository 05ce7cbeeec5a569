/** What the doctor finds good, worth a warning, or bad. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import {
  examineAddon,
  examineBuffers,
  examineCertificate,
  examineClock,
  examineDataDirectory,
  examineDescriptors,
  examinePort,
  examineRuntime,
} from '../../../../../gateway/adapters/command-line/host-examination.ts';

const clockAt = (wall: number) => ({ now: () => 0, wallClockMs: () => wall });

describe('examination of the host', () => {
  test.each([
    ['v20.20.2', 'bad'],
    ['v24.0.0', 'good'],
    ['v100.0.0', 'good'],
  ])('Node %s is %s', (version, verdict) => {
    expect(examineRuntime(version)).toMatchObject({ verdict });
  });

  test('an addon that throws while loading is bad, with the first line of its reason', () => {
    expect(examineAddon('media', () => ({}))).toMatchObject({ verdict: 'good' });
    const throws = () => {
      throw new Error('symbol missing\nstack');
    };
    expect(examineAddon('media', throws)).toMatchObject({
      verdict: 'bad',
      detail: 'symbol missing',
    });
  });

  test.each([
    ['212992\n', 'warning'],
    ['1048576\n', 'good'],
    ['', 'warning'],
  ])('receive buffers of %j are %s', (maximum, verdict) => {
    expect(examineBuffers(maximum)).toMatchObject({ verdict });
  });

  test.each([
    ['Max open files            1024                 524288               files', 'warning'],
    ['Max open files            20000                20000                files', 'good'],
    ['', 'warning'],
  ])('limits of %j are %s', (limits, verdict) => {
    expect(examineDescriptors(limits)).toMatchObject({ verdict });
  });

  test('a clock that was never set is bad', () => {
    expect(examineClock(clockAt(0))).toMatchObject({ verdict: 'bad' });
    expect(examineClock(clockAt(Date.UTC(2027, 0, 1)))).toMatchObject({ verdict: 'good' });
  });

  test('a data directory is good when it can be written or made', () => {
    expect(examineDataDirectory(tmpdir())).toMatchObject({ verdict: 'good' });
    expect(examineDataDirectory('/nowhere/data')).toMatchObject({ verdict: 'good' });
    expect(examineDataDirectory('/proc/self')).toMatchObject({ verdict: 'bad' });
  });

  test('a certificate is bad once it has ended, and worth a warning two weeks before', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'causeway-'));
    const path = join(directory, 'certificate.pem');
    const day = 24 * 3_600_000;
    const notBeforeDate = new Date(Date.UTC(2026, 0, 1));
    const notAfterDate = new Date(notBeforeDate.getTime() + 100 * day);
    const { cert } = await generate([{ name: 'commonName', value: 'x' }], {
      notBeforeDate,
      notAfterDate,
    });
    writeFileSync(path, cert);
    const verdicts = [50, 95, 101].map(
      (days) => examineCertificate(path, clockAt(notBeforeDate.getTime() + days * day)).verdict,
    );
    expect(verdicts).toEqual(['good', 'warning', 'bad']);
    writeFileSync(path, 'no certificate');
    expect(examineCertificate(path, clockAt(0)).verdict).toBe('bad');
    expect(examineCertificate(join(directory, 'missing'), clockAt(0)).verdict).toBe('bad');
    expect(examineCertificate(undefined, clockAt(0)).verdict).toBe('good');
    rmSync(directory, { recursive: true });
  });

  test('a port is good when it is free and bad when it is taken', async () => {
    const taken = createSocket('udp4').bind(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address();
    expect(await examinePort('SIP', 'udp', '127.0.0.1', port)).toMatchObject({ verdict: 'bad' });
    taken.close();
    await once(taken, 'close');
    expect(await examinePort('SIP', 'udp', '127.0.0.1', port)).toMatchObject({ verdict: 'good' });
    expect(await examinePort('HTTP', 'tcp', '127.0.0.1', 0)).toMatchObject({ verdict: 'good' });
    expect(await examinePort('HTTP', 'tcp', '203.0.113.1', 1)).toMatchObject({ verdict: 'bad' });
  });
});
