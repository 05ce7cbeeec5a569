import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { makeSelfSigned } from '../../../../../gateway/adapters/http/self-signed.ts';

test('a certificate of our own holds for the names and addresses it is made for', async () => {
  const now = Date.UTC(2030, 0, 1);
  const made = await makeSelfSigned(['10.0.0.5', 'gw.example.org'], now);
  const certificate = new X509Certificate(made.certificate);
  expect(certificate.checkIP('10.0.0.5')).toBe('10.0.0.5');
  expect(certificate.checkHost('gw.example.org')).toBe('gw.example.org');
  expect(new Date(certificate.validTo).getTime()).toBeGreaterThan(now);
  expect(made.key).toContain('PRIVATE KEY');
});
