/** Trunks: peers known by where they speak from, and how calls reach them. */
import { sameAddress } from '../core/ip-address.ts';
import { isInNetwork } from '../core/ip-network.ts';
import { parseUri } from '../wire/sip/uri.ts';

const DEFAULT_PORT = 5060;

export type TrunkName = string;

export interface Trunk {
  readonly name: TrunkName;
  /** SIP URIs: calls go to the first, and calls from any of them are the trunk's. */
  readonly targets: readonly string[];
  readonly transport: 'udp' | 'tcp';
  readonly interface?: string;
  readonly codecs: readonly string[];
  readonly srtp: 'required' | 'preferred' | 'off';
  readonly credentials?: {
    readonly username: string;
    readonly password: string;
    readonly realm?: string;
  };
  readonly register: boolean;
  /** Addresses and CIDR blocks that the trunk speaks from, besides its targets' own addresses. */
  readonly matchSources: readonly string[];
  readonly mediaNetworks: readonly string[];
}

export class Trunks {
  readonly #trunks: readonly Trunk[];

  constructor(trunks: readonly Trunk[]) {
    this.#trunks = trunks;
  }

  get(name: TrunkName): Trunk | undefined {
    return this.#trunks.find((trunk) => trunk.name === name);
  }

  all(): readonly Trunk[] {
    return this.#trunks;
  }

  /**
   * The trunk that speaks from `address` and `port`. Two trunks may share an address; then the
   * one with a target at that very port is meant, else the first in the configuration.
   */
  speakingFrom(address: string, port: number): Trunk | undefined {
    const matching = this.#trunks.filter((trunk) => speaksFrom(trunk, address));
    const exact = matching.find((trunk) => hasTargetAt(trunk, address, port));
    return exact ?? matching[0];
  }
}

function speaksFrom(trunk: Trunk, address: string): boolean {
  const listed = trunk.matchSources.some((source) => isInNetwork(address, source));
  return listed || hasTargetAt(trunk, address);
}

function hasTargetAt(trunk: Trunk, address: string, port?: number): boolean {
  return trunk.targets.some((target) => {
    const uri = parseUri(target);
    if (!uri.ok || !sameAddress(uri.value.host, address)) return false;
    return port === undefined || (uri.value.port ?? DEFAULT_PORT) === port;
  });
}
