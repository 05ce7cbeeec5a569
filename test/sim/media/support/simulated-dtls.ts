/**
 * Stands in for native DTLS: four messages in records of the right shape, retransmitted until they
 * are answered, each side showing a certificate whose name is its fingerprint.
 */
import { createHash } from 'node:crypto';
import type {
  Dtls,
  DtlsHandle,
  DtlsIdentity,
  DtlsIdentityHandle,
  DtlsOptions,
  DtlsRole,
  DtlsSrtpKeys,
  DtlsStatus,
  FingerprintHash,
} from '../../../../gateway/native/contract.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';

const RETRANSMIT_MS = 50;
const RECORD_HEADER = 13;
const HANDSHAKE = 22;
const ALERT = 21;
/** The second octet of a record's body tells which of the stand-in's messages it is. */
type Message = 'client-hello' | 'server-flight' | 'client-flight' | 'server-finished' | 'close';
const MESSAGE_TYPES: readonly Message[] = [
  'client-hello',
  'server-flight',
  'client-flight',
  'server-finished',
  'close',
];
const CLIENT_HELLO_TYPE = 1;
const OTHER_TYPE = 20;

interface Association {
  readonly identity: string;
  readonly role: DtlsRole;
  status: DtlsStatus;
  readonly nonce: string;
  peer: string;
  peerNonce: string;
  outgoing: Uint8Array[];
  lastFlight: Uint8Array | undefined;
  retransmitAt: number | undefined;
}

export class SimulatedDtls implements Dtls {
  readonly #random: SeededRandom;
  readonly #now: () => number;
  readonly #identities = new Map<DtlsIdentityHandle, string>();
  readonly #associations = new Map<DtlsHandle, Association>();
  #handles = 0;

  constructor(random: SeededRandom, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  get openAssociations(): number {
    return this.#associations.size;
  }

  createIdentity(): DtlsIdentity {
    this.#handles += 1;
    const handle = this.#handles as DtlsIdentityHandle;
    const certificate = Buffer.from(this.#random.bytes(8)).toString('hex');
    this.#identities.set(handle, certificate);
    const hashes = ['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512'] as const;
    const entries = hashes.map((hash) => [hash, fingerprint(certificate, hash)]);
    return { handle, fingerprints: Object.fromEntries(entries) };
  }

  closeIdentity(identity: DtlsIdentityHandle): void {
    this.#identities.delete(identity);
  }

  open({ identity, role }: DtlsOptions): DtlsHandle {
    this.#handles += 1;
    const handle = this.#handles as DtlsHandle;
    const association: Association = {
      identity: this.#identities.get(identity)!,
      role,
      status: 'handshaking',
      nonce: Buffer.from(this.#random.bytes(8)).toString('hex'),
      peer: '',
      peerNonce: '',
      outgoing: [],
      lastFlight: undefined,
      retransmitAt: undefined,
    };
    this.#associations.set(handle, association);
    if (role === 'client') this.#send(association, 'client-hello');
    return handle;
  }

  receive(handle: DtlsHandle, datagram: Uint8Array): DtlsStatus {
    const association = this.#association(handle);
    const text = Buffer.from(datagram.subarray(RECORD_HEADER + 2)).toString();
    const [certificate = '', nonce = ''] = text.split(' ');
    const message = MESSAGE_TYPES[datagram[RECORD_HEADER + 1]!];
    if (message === 'client-hello' && association.role === 'server') {
      this.#send(association, 'server-flight');
    } else if (message === 'server-flight' && association.role === 'client') {
      this.#meet(association, certificate, nonce);
      this.#send(association, 'client-flight');
    } else if (message === 'client-flight' && association.role === 'server') {
      this.#meet(association, certificate, nonce);
      this.#send(association, 'server-finished');
      association.retransmitAt = undefined;
      if (association.status === 'handshaking') association.status = 'connected';
    } else if (message === 'server-finished' && association.role === 'client') {
      association.retransmitAt = undefined;
      if (association.status === 'handshaking') association.status = 'connected';
    } else if (message === 'close' && association.status === 'connected') {
      association.status = 'closed';
    }
    return association.status;
  }

  takeOutgoing(handle: DtlsHandle): Uint8Array | undefined {
    return this.#association(handle).outgoing.shift();
  }

  timeoutMillis(handle: DtlsHandle): number {
    const { retransmitAt } = this.#association(handle);
    return retransmitAt === undefined ? -1 : Math.max(0, retransmitAt - this.#now());
  }

  handleTimeout(handle: DtlsHandle): DtlsStatus {
    const association = this.#association(handle);
    const { retransmitAt, lastFlight } = association;
    if (retransmitAt !== undefined && retransmitAt <= this.#now() && lastFlight !== undefined) {
      association.outgoing.push(lastFlight);
      association.retransmitAt = this.#now() + RETRANSMIT_MS;
    }
    return association.status;
  }

  status(handle: DtlsHandle): DtlsStatus {
    return this.#association(handle).status;
  }

  failure(): string | undefined {
    return undefined;
  }

  peerFingerprint(handle: DtlsHandle, hash: FingerprintHash): string {
    return fingerprint(this.#association(handle).peer, hash);
  }

  exportSrtp(handle: DtlsHandle): DtlsSrtpKeys {
    const { nonce, peerNonce } = this.#association(handle);
    const derive = (label: string) => createHash('sha256').update(label).digest();
    return {
      profile: 'AES_CM_128_HMAC_SHA1_80',
      localKey: derive(`${nonce} ${peerNonce}`).subarray(0, 16),
      localSalt: derive(`${nonce} ${peerNonce} salt`).subarray(0, 14),
      remoteKey: derive(`${peerNonce} ${nonce}`).subarray(0, 16),
      remoteSalt: derive(`${peerNonce} ${nonce} salt`).subarray(0, 14),
    };
  }

  shutdown(handle: DtlsHandle): void {
    const association = this.#association(handle);
    if (association.status === 'connected') this.#send(association, 'close');
    association.retransmitAt = undefined;
    association.status = 'closed';
  }

  close(handle: DtlsHandle): void {
    this.#association(handle);
    this.#associations.delete(handle);
  }

  #meet(association: Association, certificate: string, nonce: string): void {
    association.peer = certificate;
    association.peerNonce = nonce;
  }

  #send(association: Association, message: Message): void {
    const body = Buffer.from(`${association.identity} ${association.nonce}`);
    const record = new Uint8Array(RECORD_HEADER + 2 + body.length);
    record[0] = message === 'close' ? ALERT : HANDSHAKE;
    // What comes after the keys are there is in epoch 1.
    record[4] = message === 'server-finished' || message === 'close' ? 1 : 0;
    record[RECORD_HEADER] = message === 'client-hello' ? CLIENT_HELLO_TYPE : OTHER_TYPE;
    record[RECORD_HEADER + 1] = MESSAGE_TYPES.indexOf(message);
    record.set(body, RECORD_HEADER + 2);
    association.lastFlight = record;
    association.outgoing.push(record);
    association.retransmitAt = this.#now() + RETRANSMIT_MS;
  }

  #association(handle: DtlsHandle): Association {
    const association = this.#associations.get(handle);
    if (association !== undefined) return association;
    throw Object.assign(new Error(`association ${handle}`), { code: 'native.stale_handle' });
  }
}

function fingerprint(certificate: string, hash: FingerprintHash): string {
  const digest = createHash(hash.replace('-', '')).update(certificate).digest('hex');
  return digest.toUpperCase().match(/../g)!.join(':');
}
