import { networkInterfaces } from 'node:os';
import { expect, test } from '@jest/globals';
import { firstHostAddress } from '../../../../../gateway/adapters/media-link/host-address.ts';

test('the host’s address is one of its own that is not loopback, if it has one', () => {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outward = all.filter(({ family, internal }) => family === 'IPv4' && !internal);
  const found = firstHostAddress();
  if (outward.length === 0) expect(found).toBeUndefined();
  else expect(outward.map(({ address }) => address)).toContain(found);
});
