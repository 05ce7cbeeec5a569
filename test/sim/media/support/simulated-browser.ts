/** A browser outside: full ICE agent, DTLS client, SRTP, one audio stream. */
import type {
  LocalTransport,
  RemoteTransport,
} from '../../../../gateway/media-contract/transport.ts';
import type { DtlsHandle, DtlsIdentity, SrtpHandle } from '../../../../gateway/native/contract.ts';
import { classify } from '../../../../gateway/wire/classify.ts';
import { payloadTypeOf, writeRtpHeader } from '../../../../gateway/wire/rtp/header.ts';
import { buildBindingRequest } from '../../../../gateway/wire/stun/build.ts';
import { parseStun } from '../../../../gateway/wire/stun/parse.ts';
import { SimulatedDtls } from './simulated-dtls.ts';
import type { SimulatedMedia, SimulatedPeer } from './simulated-media.ts';
import { SimulatedSrtp } from './simulated-srtp.ts';

const CHECK_MS = 500;
const PTIME_MS = 20;
const ARENA_BYTES = 4096;

export interface BrowserOptions {
  readonly host: string;
  readonly port: number;
  readonly ssrc: number;
}

export class SimulatedBrowser implements SimulatedPeer {
  readonly ufrag = 'browser';
  readonly pwd = 'browserbrowserbrowserbrowser';
  readonly heard: Uint8Array[] = [];
  successes = 0;
  errors = 0;
  isChecking = true;
  isTalking = true;
  useCandidate = true;
  sequence = 100;
  host: string;
  port: number;
  readonly #options: BrowserOptions;
  readonly #media: SimulatedMedia;
  readonly #dtls: SimulatedDtls;
  readonly #identity: DtlsIdentity;
  readonly #arena = new Uint8Array(ARENA_BYTES);
  readonly #srtp = new SimulatedSrtp(this.#arena);
  #association: DtlsHandle | undefined;
  #send: SrtpHandle | undefined;
  #receive: SrtpHandle | undefined;
  #gateway: LocalTransport | undefined;
  #nextCheckAt = 0;
  #nextPacketAt = 0;
  #timestamp = 0;

  constructor(media: SimulatedMedia, options: BrowserOptions) {
    this.#media = media;
    this.#options = options;
    this.host = options.host;
    this.port = options.port;
    this.#dtls = new SimulatedDtls(media.random, () => media.now);
    this.#identity = this.#dtls.createIdentity();
    media.network.attach(this.address, ({ bytes }) => this.#take(bytes));
    media.add(this);
  }

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  get isKeyed(): boolean {
    return this.#send !== undefined;
  }

  /** What its SDP says. */
  describe(role: 'client' | 'server' = 'server'): RemoteTransport {
    return {
      ice: { ufrag: this.ufrag, pwd: this.pwd, lite: false },
      fingerprints: [{ hash: 'sha-256', value: this.#identity.fingerprints['sha-256'] }],
      dtlsRole: role,
    };
  }

  /** Takes the gateway's SDP and begins to check. */
  connect(gateway: LocalTransport): void {
    this.#gateway = gateway;
  }

  tick(now: number): void {
    if (this.#gateway === undefined) return;
    if (this.isChecking && now >= this.#nextCheckAt) {
      this.#nextCheckAt = now + CHECK_MS;
      this.check(this.#gateway.ice!.pwd, now);
    }
    if (this.#association !== undefined) {
      this.#dtls.handleTimeout(this.#association);
      this.#drain(now);
    }
    if (this.isTalking && this.isKeyed && now >= this.#nextPacketAt) {
      this.#nextPacketAt = now + PTIME_MS;
      this.talk(now);
    }
  }

  check(key: string, now: number): void {
    const request = buildBindingRequest({
      transactionId: this.#media.random.bytes(12),
      username: `${this.#gateway!.ice!.ufrag}:${this.ufrag}`,
      key,
      priority: 1_862_270_975,
      role: 'controlling',
      tieBreaker: 1n,
      useCandidate: this.useCandidate,
    });
    this.sendRaw(request, now);
  }

  /** A check by which it claims to be controlled, which nobody is who faces a lite agent. */
  sendControlled(gateway: LocalTransport, now: number): void {
    const request = buildBindingRequest({
      transactionId: this.#media.random.bytes(12),
      username: `${gateway.ice!.ufrag}:${this.ufrag}`,
      key: gateway.ice!.pwd,
      priority: 1,
      role: 'controlled',
      tieBreaker: 1n,
      useCandidate: false,
    });
    this.sendRaw(request, now);
  }

  talk(now: number): void {
    this.sequence = (this.sequence + 1) & 0xffff;
    this.#timestamp += 960;
    writeRtpHeader(this.#arena, 0, false, 111, this.sequence, this.#timestamp, this.#options.ssrc);
    this.#arena.fill(0xb0, 12, 92);
    const length = this.#srtp.protectRtp(this.#send!, 0, 92);
    this.sendRaw(this.#arena.slice(0, length), now);
  }

  sendRaw(bytes: Uint8Array, now: number): void {
    this.#media.network.send(this.address, this.#target(), bytes, now);
  }

  /** Speaks from another address from now on, as after a change of network. */
  moveTo(host: string, port: number): void {
    this.#media.network.detach(this.address);
    this.host = host;
    this.port = port;
    this.#media.network.attach(this.address, ({ bytes }) => this.#take(bytes));
  }

  close(now: number): void {
    if (this.#association === undefined) return;
    this.#dtls.shutdown(this.#association);
    this.#drain(now);
    this.isTalking = false;
    this.isChecking = false;
  }

  #target(): string {
    const [candidate] = this.#gateway!.ice!.candidates;
    return `${candidate!.address}:${candidate!.port}`;
  }

  #take(bytes: Uint8Array): void {
    const { now } = this.#media;
    switch (classify(bytes, 0, bytes.length)) {
      case 'stun':
        return this.#takeStun(bytes, now);
      case 'dtls':
        if (this.#association !== undefined) this.#dtls.receive(this.#association, bytes);
        return this.#drain(now);
      case 'rtp':
        return this.#hear(bytes);
      default:
        return;
    }
  }

  #takeStun(bytes: Uint8Array, now: number): void {
    const parsed = parseStun(bytes);
    if (!parsed.ok) return;
    if (parsed.value.class === 'success') this.successes += 1;
    if (parsed.value.class === 'error') this.errors += 1;
    if (parsed.value.class !== 'success' || this.#association !== undefined) return;
    this.#association = this.#dtls.open({ identity: this.#identity.handle, role: 'client' });
    this.#drain(now);
  }

  #drain(now: number): void {
    const association = this.#association!;
    for (;;) {
      const datagram = this.#dtls.takeOutgoing(association);
      if (datagram === undefined) break;
      this.sendRaw(datagram, now);
    }
    if (this.#send !== undefined || this.#dtls.status(association) !== 'connected') return;
    const keys = this.#dtls.exportSrtp(association);
    const { profile } = keys;
    this.#send = this.#srtp.open({
      profile,
      direction: 'protect',
      masterKey: keys.localKey,
      masterSalt: keys.localSalt,
    });
    this.#receive = this.#srtp.open({
      profile,
      direction: 'unprotect',
      masterKey: keys.remoteKey,
      masterSalt: keys.remoteSalt,
    });
  }

  #hear(bytes: Uint8Array): void {
    if (this.#receive === undefined) return;
    this.#arena.set(bytes, 2048);
    const length = this.#srtp.unprotectRtp(this.#receive, 2048, bytes.length);
    if (length > 0 && payloadTypeOf(this.#arena, 2048) === 111) {
      this.heard.push(this.#arena.slice(2048, 2048 + length));
    }
  }
}
