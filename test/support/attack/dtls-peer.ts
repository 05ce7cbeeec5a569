/** A DTLS-SRTP peer that can lie: werift's client and server, honest or forging (RFC 5764). */
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { CipherContext, DtlsClient, DtlsServer } from 'werift';
import type { SessionKeys } from './numbered-media.ts';

/** What a peer shows, and what its description promises. */
export interface Certificate {
  readonly certPem: string;
  readonly keyPem: string;
}

/**
 * `foreign-key`: shows one certificate, signs with the key of another · `bad-finished`: the right
 * keys, a wrong hash of the handshake · `unannounced-certificate`: the description promises another
 * · `weak-promise`: promised by MD5 only · `no-certificate`: shows none.
 */
export type Forgery =
  | 'none'
  | 'foreign-key'
  | 'bad-finished'
  | 'unannounced-certificate'
  | 'weak-promise'
  | 'no-certificate';

/** What a forger can do as the client of the handshake, and as its server. */
export const FORGERIES_OF_CLIENTS = [
  'foreign-key',
  'bad-finished',
  'unannounced-certificate',
  'weak-promise',
  'no-certificate',
] as const satisfies readonly Forgery[];
export const FORGERIES_OF_SERVERS = [
  'foreign-key',
  'bad-finished',
  'unannounced-certificate',
  'weak-promise',
] as const satisfies readonly Forgery[];

const ECDSA_SHA256 = { hash: 4, signature: 3 } as const;
const P256 = 23;
const AES_CM_128_HMAC_SHA1_80 = 1;
const KEY_BYTES = 16;
const SALT_BYTES = 14;
/** Beyond the last flight: werift stops repeating what it sent. */
const NO_FLIGHT = 99;

/** Certificates are costly and all alike: two serve every test. */
let certificates: Promise<readonly Certificate[]> | undefined;

async function makeCertificates(): Promise<readonly Certificate[]> {
  const make = () => CipherContext.createSelfSignedCertificateWithKey(ECDSA_SHA256, P256);
  return Promise.all([make(), make()]);
}

export interface DtlsPeerOptions {
  readonly role: 'client' | 'server';
  readonly forgery: Forgery;
}

export class DtlsPeer {
  /** What its description says of its certificate. */
  readonly promise: { readonly hash: string; readonly value: string };
  /** Resolves when this peer takes the handshake for done: a forger always believes so. */
  readonly connected: Promise<SessionKeys>;
  onOutgoing: (datagram: Buffer) => void = () => {};
  readonly #socket: DtlsClient | DtlsServer;
  #receive: (datagram: Buffer) => void = () => {};

  private constructor(options: DtlsPeerOptions, own: Certificate, other: Certificate) {
    const { role, forgery } = options;
    this.promise = promiseOf(forgery === 'unannounced-certificate' ? other : own, forgery);
    const peer = this;
    const transport = {
      type: 'udp',
      address: { address: '', family: '', port: 0 },
      closed: false,
      send: async (datagram: Buffer) => peer.onOutgoing(datagram),
      close: async () => {},
      set onData(receive: (datagram: Buffer, from: [string, number]) => void) {
        peer.#receive = (datagram) => receive(datagram, ['', 0]);
      },
    };
    const End = role === 'client' ? DtlsClient : DtlsServer;
    this.#socket = new End({
      // Its types ask for a property where only an assignment is made.
      transport: transport as unknown as ConstructorParameters<typeof DtlsClient>[0]['transport'],
      cert: own.certPem,
      key: (forgery === 'foreign-key' ? other : own).keyPem,
      signatureHash: ECDSA_SHA256,
      srtpProfiles: [AES_CM_128_HMAC_SHA1_80],
      certificateRequest: role === 'server',
      extendedMasterSecret: true,
    });
    forge(this.#socket, forgery);
    this.connected = new Promise((resolve) => {
      this.#socket.onConnect.subscribe(() => resolve(this.#keys()));
    });
  }

  static async make(options: DtlsPeerOptions): Promise<DtlsPeer> {
    certificates ??= makeCertificates();
    const [own, other] = await certificates;
    return new DtlsPeer(options, own!, other!);
  }

  /** A client speaks first; a server waits. What never comes of it is no error here. */
  start(): void {
    if (this.#socket instanceof DtlsClient) this.#socket.connect().catch(() => {});
  }

  receive(datagram: Buffer): void {
    this.#receive(datagram);
  }

  /**
   * The keys that this peer has worked out, connected or not; undefined if it got nowhere. A forger
   * would send with them as soon as it can.
   */
  keysSoFar(): SessionKeys | undefined {
    return this.#socket.cipher.masterSecret === undefined ? undefined : this.#keys();
  }

  /** Says nothing more. */
  stop(): void {
    this.#socket.dtls.flight = NO_FLIGHT;
  }

  #keys(): SessionKeys {
    const keys = this.#socket.extractSessionKeys(KEY_BYTES, SALT_BYTES);
    return {
      localMasterKey: keys.localKey,
      localMasterSalt: keys.localSalt,
      remoteMasterKey: keys.remoteKey,
      remoteMasterSalt: keys.remoteSalt,
    };
  }
}

function promiseOf({ certPem }: Certificate, forgery: Forgery): DtlsPeer['promise'] {
  const hash = forgery === 'weak-promise' ? 'md5' : 'sha256';
  const digest = createHash(hash).update(new X509Certificate(certPem).raw).digest('hex');
  const value = (digest.match(/../g) ?? []).join(':').toUpperCase();
  return { hash: hash === 'md5' ? 'md5' : 'sha-256', value };
}

function forge({ cipher, dtls }: DtlsClient | DtlsServer, forgery: Forgery): void {
  if (forgery === 'bad-finished') {
    const honest = cipher.verifyData.bind(cipher);
    cipher.verifyData = (transcript) => randomBytes(honest(transcript).length) as never;
  }
  if (forgery === 'no-certificate') {
    // It sends a certificate if it was asked for one: so it never hears the question.
    Object.defineProperty(dtls, 'requestedCertificateTypes', { get: () => [], set() {} });
  }
}
