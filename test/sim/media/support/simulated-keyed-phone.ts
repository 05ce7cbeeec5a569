/** A phone that speaks SRTP under SDES keys. */
import type { SdesKey } from '../../../../gateway/media-contract/transport.ts';
import {
  SRTP_AUTHENTICATION_FAILED,
  type SrtpHandle,
} from '../../../../gateway/native/contract.ts';
import type { SimulatedMedia } from './simulated-media.ts';
import { type PhoneOptions, SimulatedPhone } from './simulated-phone.ts';
import { SimulatedSrtp } from './simulated-srtp.ts';

const ARENA_BYTES = 4096;

export class SimulatedKeyedPhone extends SimulatedPhone {
  forged = 0;
  readonly #arena = new Uint8Array(ARENA_BYTES);
  readonly #srtp = new SimulatedSrtp(this.#arena);
  readonly #send: SrtpHandle;
  readonly #receive: SrtpHandle;

  constructor(media: SimulatedMedia, options: PhoneOptions, own: SdesKey, gateways: SdesKey) {
    super(media, options);
    this.#send = this.#open(own, 'protect');
    this.#receive = this.#open(gateways, 'unprotect');
  }

  override seal(packet: Uint8Array): Uint8Array {
    this.#arena.set(packet);
    return this.#arena.slice(0, this.#srtp.protectRtp(this.#send, 0, packet.length));
  }

  override unseal(packet: Uint8Array): Uint8Array | undefined {
    this.#arena.set(packet);
    const length = this.#srtp.unprotectRtp(this.#receive, 0, packet.length);
    if (length === SRTP_AUTHENTICATION_FAILED) this.forged += 1;
    return length < 0 ? undefined : this.#arena.slice(0, length);
  }

  #open(key: SdesKey, direction: 'protect' | 'unprotect'): SrtpHandle {
    return this.#srtp.open({
      profile: key.suite,
      direction,
      masterKey: Buffer.from(key.keyHex, 'hex'),
      masterSalt: Buffer.from(key.saltHex, 'hex'),
    });
  }
}

export function sdesKey(octet: number): SdesKey {
  const hex = octet.toString(16).padStart(2, '0');
  return {
    suite: 'AES_CM_128_HMAC_SHA1_80',
    keyHex: hex.repeat(16),
    saltHex: hex.repeat(14),
  };
}
