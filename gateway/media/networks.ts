/** CIDR blocks (RFC 4632) compared with addresses as numbers. */
import { type UdpAddress, udpAddress } from './udp-address.ts';

interface Network {
  readonly address: UdpAddress;
  readonly bits: number;
}

export class NetworkList {
  readonly #networks: readonly Network[];

  /** Blocks that cannot be read are left out: the configuration has refused them before. */
  constructor(blocks: readonly string[]) {
    this.#networks = blocks.map(parseNetwork).filter((network) => network !== undefined);
  }

  contains(address: UdpAddress): boolean {
    for (const network of this.#networks) if (isWithin(address, network)) return true;
    return false;
  }
}

function parseNetwork(block: string): Network | undefined {
  const [host = '', length, ...rest] = block.split('/');
  const address = udpAddress(host, 0);
  if (address === undefined || rest.length > 0) return undefined;
  const width = address.family === 4 ? 32 : 128;
  if (length === undefined) return { address, bits: width };
  const bits = Number(length);
  if (!/^\d{1,3}$/.test(length) || bits > width) return undefined;
  return { address, bits };
}

function isWithin(address: UdpAddress, network: Network): boolean {
  return (
    address.family === network.address.family &&
    agree(address.word0, network.address.word0, network.bits) &&
    agree(address.word1, network.address.word1, network.bits - 32) &&
    agree(address.word2, network.address.word2, network.bits - 64) &&
    agree(address.word3, network.address.word3, network.bits - 96)
  );
}

/** Whether two words agree in their upper `bits`; shifting by 32 would shift by none. */
function agree(a: number, b: number, bits: number): boolean {
  if (bits <= 0) return true;
  return bits >= 32 ? a === b : (a ^ b) >>> (32 - bits) === 0;
}
