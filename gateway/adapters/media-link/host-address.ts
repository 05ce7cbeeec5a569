/** The host's own addresses, for media that a browser can't reach over loopback. */
import { networkInterfaces } from 'node:os';

/** The first IPv4 address that is not loopback; undefined on a host without one. */
export function firstHostAddress(): string | undefined {
  for (const addresses of Object.values(networkInterfaces())) {
    const found = addresses?.find(({ family, internal }) => family === 'IPv4' && !internal);
    if (found !== undefined) return found.address;
  }
  return undefined;
}
