/** A leg's SRTP contexts: to send, to receive, and the receive key before it (RFC 3711). */
import type { SdesKey } from '../../media-contract/transport.ts';
import {
  type DtlsSrtpKeys,
  SRTP_AUTHENTICATION_FAILED,
  type Srtp,
  type SrtpHandle,
  type SrtpProfile,
} from '../../native/contract.ts';

/** One direction's master key, however it was agreed. */
interface MasterKey {
  readonly profile: SrtpProfile;
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
  readonly mki?: Uint8Array;
}

export class SrtpKeys {
  readonly #srtp: Srtp;
  #send: SrtpHandle | undefined;
  #receive: SrtpHandle | undefined;
  #previousReceive: SrtpHandle | undefined;
  #sdesLocal: SdesKey | undefined;
  #sdesRemote: SdesKey | undefined;

  constructor(srtp: Srtp) {
    this.#srtp = srtp;
  }

  get canSend(): boolean {
    return this.#send !== undefined;
  }

  get canReceive(): boolean {
    return this.#receive !== undefined;
  }

  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number {
    return (this.#send ?? 0) | (this.#receive ?? 0);
  }

  /** The same keys again keep rollover counters and replay windows; changed ones start anew. */
  useSdes(local: SdesKey, remote: SdesKey): void {
    if (!isSameKey(local, this.#sdesLocal)) this.#replaceSend(fromSdes(local));
    if (!isSameKey(remote, this.#sdesRemote)) this.#replaceReceive(fromSdes(remote));
    this.#sdesLocal = local;
    this.#sdesRemote = remote;
  }

  useDtls(keys: DtlsSrtpKeys): void {
    const { profile } = keys;
    this.#replaceSend({ profile, key: keys.localKey, salt: keys.localSalt });
    this.#replaceReceive({ profile, key: keys.remoteKey, salt: keys.remoteSalt });
  }

  /** The four give the packet's new length or one of the negative SRTP_ codes. */
  protectRtp(offset: number, length: number): number {
    return this.#srtp.protectRtp(this.#send!, offset, length);
  }

  protectRtcp(offset: number, length: number): number {
    return this.#srtp.protectRtcp(this.#send!, offset, length);
  }

  unprotectRtp(offset: number, length: number): number {
    const plain = this.#srtp.unprotectRtp(this.#receive!, offset, length);
    if (plain !== SRTP_AUTHENTICATION_FAILED || this.#previousReceive === undefined) return plain;
    return this.#srtp.unprotectRtp(this.#previousReceive, offset, length);
  }

  unprotectRtcp(offset: number, length: number): number {
    const plain = this.#srtp.unprotectRtcp(this.#receive!, offset, length);
    if (plain !== SRTP_AUTHENTICATION_FAILED || this.#previousReceive === undefined) return plain;
    return this.#srtp.unprotectRtcp(this.#previousReceive, offset, length);
  }

  close(): void {
    for (const context of [this.#send, this.#receive, this.#previousReceive]) {
      if (context !== undefined) this.#srtp.close(context);
    }
    this.#send = undefined;
    this.#receive = undefined;
    this.#previousReceive = undefined;
  }

  #replaceSend(master: MasterKey): void {
    if (this.#send !== undefined) this.#srtp.close(this.#send);
    this.#send = this.#open(master, 'protect');
  }

  #replaceReceive(master: MasterKey): void {
    if (this.#previousReceive !== undefined) this.#srtp.close(this.#previousReceive);
    this.#previousReceive = this.#receive;
    this.#receive = this.#open(master, 'unprotect');
  }

  #open(master: MasterKey, direction: 'protect' | 'unprotect'): SrtpHandle {
    return this.#srtp.open({
      profile: master.profile,
      direction,
      masterKey: master.key,
      masterSalt: master.salt,
      ...(master.mki && { mki: master.mki }),
    });
  }
}

function fromSdes(key: SdesKey): MasterKey {
  return {
    profile: key.suite,
    key: Buffer.from(key.keyHex, 'hex'),
    salt: Buffer.from(key.saltHex, 'hex'),
    ...(key.mkiHex && { mki: Buffer.from(key.mkiHex, 'hex') }),
  };
}

function isSameKey(a: SdesKey, b: SdesKey | undefined): boolean {
  const isSame = a.suite === b?.suite && a.keyHex === b.keyHex && a.saltHex === b.saltHex;
  return isSame && a.mkiHex === b.mkiHex;
}
