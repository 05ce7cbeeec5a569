/** A whole packet plane on a simulated network and clock. */

import { type Log, type LogFields, silentLog } from '../../../../gateway/core/log.ts';
import { Agenda } from '../../../../gateway/media/agenda.ts';
import { MediaEngine } from '../../../../gateway/media/engine.ts';
import type { MediaProcessOptions } from '../../../../gateway/media/options.ts';
import { PacketLoop } from '../../../../gateway/media/packet-loop.ts';
import type {
  CodecBinding,
  MediaCommand,
  MediaEvent,
  MediaPlan,
  MediaReply,
} from '../../../../gateway/media-contract/contract.ts';
import type {
  LocalTransport,
  TransportKind,
} from '../../../../gateway/media-contract/transport.ts';
import type { CodecLibrary } from '../../../../transcoder/codec.ts';
import { codecLibrary } from '../../../../transcoder/library.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';
import { SimulatedDtls } from './simulated-dtls.ts';
import { SimulatedNetwork } from './simulated-network.ts';
import { SimulatedPacketIo } from './simulated-packet-io.ts';
import { SimulatedSrtp } from './simulated-srtp.ts';

export const GATEWAY = '198.51.100.1';
export const WEBRTC_PORT = 10_000;

export const PCMU: CodecBinding = codec('pcmu', 0, 8000);
export const PCMA: CodecBinding = codec('pcma', 8, 8000);
export const OPUS: CodecBinding = { ...codec('opus', 111, 48_000), channels: 2 };
export const VP8: CodecBinding = codec('vp8', 96, 90_000);

export function codec(name: string, payloadType: number, clockRate: number): CodecBinding {
  return { name, payloadType, clockRate, channels: 1, parameters: {} };
}

export function audio(codecs: readonly CodecBinding[], more: Partial<MediaPlan> = {}): MediaPlan {
  return {
    mid: '0',
    kind: 'audio',
    direction: 'sendrecv',
    send: codecs,
    receive: codecs,
    ptimeMs: 20,
    extensions: [],
    remoteSsrcs: [],
    ...more,
  };
}

export interface SimulationOptions {
  readonly seed: number;
  readonly media?: Partial<MediaProcessOptions>;
  readonly codecs?: CodecLibrary;
}

/** Something outside the gateway with a clock of its own. */
export interface SimulatedPeer {
  /** Called at every step of the clock. */
  tick(now: number): void;
}

export class SimulatedMedia {
  now = 1_000;
  readonly random: SeededRandom;
  readonly network: SimulatedNetwork;
  readonly packetIo: SimulatedPacketIo;
  readonly srtp: SimulatedSrtp;
  readonly dtls: SimulatedDtls;
  readonly loop: PacketLoop;
  readonly agenda = new Agenda();
  readonly engine: MediaEngine;
  readonly events: MediaEvent[] = [];
  readonly logged: string[] = [];
  readonly #peers: SimulatedPeer[] = [];

  constructor({ seed, media, codecs }: SimulationOptions) {
    const clock = () => this.now;
    this.random = new SeededRandom(seed);
    this.network = new SimulatedNetwork(seed + 1);
    this.packetIo = new SimulatedPacketIo(this.network, clock);
    this.srtp = new SimulatedSrtp(this.packetIo.arena);
    this.dtls = new SimulatedDtls(this.random, clock);
    const log = this.#log();
    this.loop = new PacketLoop(this.packetIo, log);
    this.engine = new MediaEngine({
      options: { ...OPTIONS, ...media },
      packetIo: this.packetIo,
      srtp: this.srtp,
      dtls: this.dtls,
      identity: this.dtls.createIdentity(),
      codecs: codecs ?? codecLibrary([]),
      agenda: this.agenda,
      loop: this.loop,
      random: this.random,
      log,
      wallClockOriginMs: 1_700_000_000_000,
      census: {
        descriptors: () => this.packetIo.openSockets,
        heapUsedBytes: () => 0,
        residentBytes: () => 0,
        collectGarbage: () => {},
      },
      emit: (event) => this.events.push(event),
      epoch: 'epoch',
    });
    this.engine.start();
    this.packetIo.start((count) => this.loop.receive(count, this.now));
  }

  add<T extends SimulatedPeer>(peer: T): T {
    this.#peers.push(peer);
    return peer;
  }

  execute(command: MediaCommand): MediaReply {
    const reply = this.engine.execute(command, this.now);
    this.packetIo.flush();
    return reply;
  }

  /** Executes what must succeed. */
  do(...commands: readonly MediaCommand[]): void {
    for (const command of commands) {
      const reply = this.execute(command);
      if (reply.op === 'fault') throw new Error(`${command.op}: ${reply.fault.code}`);
    }
  }

  openLeg(leg: string, transport: TransportKind, session = 'session'): LocalTransport {
    const reply = this.execute({ op: 'open-leg', session, leg, transport, interface: 'public' });
    if (reply.op !== 'leg') throw new Error(JSON.stringify(reply));
    return reply.local;
  }

  /** Each of the two legs sends what the other receives. */
  join(a: string, b: string): void {
    this.do(
      { op: 'set-source', leg: a, source: { kind: 'leg', leg: b } },
      { op: 'set-source', leg: b, source: { kind: 'leg', leg: a } },
    );
  }

  /** Lets time pass in milliseconds, everybody having a turn in each. */
  advance(millis: number): void {
    for (let elapsed = 0; elapsed < millis; elapsed += 1) {
      this.now += 1;
      for (const peer of this.#peers) peer.tick(this.now);
      this.network.deliver(this.now);
      this.packetIo.readAll();
      while (this.engine.handleTimeout(this.now)) this.packetIo.flush();
      this.packetIo.flush();
    }
  }

  /** The events of one kind, in order. */
  eventsOf<T extends MediaEvent['type']>(type: T): Extract<MediaEvent, { type: T }>[] {
    return this.events.filter((event) => event.type === type) as never;
  }

  #log(): Log {
    const note = (event: string, _fields?: LogFields) => void this.logged.push(event);
    return { ...silentLog, warn: note, error: note, child: () => this.#log() };
  }
}

const OPTIONS: MediaProcessOptions = {
  process: 'm0',
  interfaces: [{ name: 'public', bind: GATEWAY, advertise: GATEWAY, mediaNetworks: [] }],
  extraWebRtcAddresses: [],
  webRtcPort: WEBRTC_PORT,
  rtpPorts: { first: 20_000, last: 20_099 },
  timeouts: { talkSeconds: 60, holdSeconds: 3600, connectSeconds: 30 },
};
