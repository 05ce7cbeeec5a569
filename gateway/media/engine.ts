/** Executes the media contract on sessions and legs, and tells what happens to them. */
import { type Fault, fail, type Result, succeed } from '../core/result.ts';
import type { Millis } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import {
  CONTRACT_VERSION,
  type MediaCommand,
  type MediaEvent,
  type MediaLegId,
  type MediaReply,
  type MediaSessionId,
  type SessionSnapshot,
} from '../media-contract/contract.ts';
import { RTP, type TransportKind } from '../media-contract/transport.ts';
import { type Census, takeCensus } from './census.ts';
import type { MediaEnvironment } from './environment.ts';
import { MOST_LEGS, MOST_SESSIONS } from './limits.ts';
import { MediaLeg } from './media-leg.ts';
import type { MediaInterface } from './options.ts';
import { Refusals } from './refusals.ts';
import { nativeFault, RtpPorts } from './rtp-ports.ts';
import { Sources } from './sources.ts';
import { IceTransport } from './transport/ice-transport.ts';
import type { LegTransport, TransportOwner } from './transport/leg-transport.ts';
import { PortTransport } from './transport/port-transport.ts';
import { WebRtcPort } from './transport/webrtc-port.ts';

interface MediaSession {
  readonly id: MediaSessionId;
  readonly legs: Set<MediaLeg>;
  recovery: unknown;
}

type CommandOf<Op extends MediaCommand['op']> = Extract<MediaCommand, { op: Op }>;

const LOOPBACK: MediaInterface = {
  name: '',
  bind: '127.0.0.1',
  advertise: '127.0.0.1',
  mediaNetworks: [],
};
const DONE: MediaReply = { op: 'done' };

export interface EngineEnvironment extends MediaEnvironment {
  /** What the machine alone knows: descriptors, timers, memory. */
  readonly census: Census;
  readonly emit: (event: MediaEvent) => void;
  /** New at every start of the process. */
  readonly epoch: string;
}

export class MediaEngine {
  readonly #environment: EngineEnvironment;
  readonly #sessions = new Map<MediaSessionId, MediaSession>();
  readonly #legs = new Map<MediaLegId, MediaLeg>();
  readonly #sources: Sources;
  readonly #webRtcPort: WebRtcPort;
  readonly #rtpPorts = new Map<string, RtpPorts>();
  readonly #strangers = new Refusals();

  constructor(environment: EngineEnvironment) {
    this.#environment = environment;
    this.#sources = new Sources(environment, this.#legs);
    const { packetIo, loop } = environment;
    this.#webRtcPort = new WebRtcPort(packetIo, loop, this.#strangers);
  }

  /** Binds the WebRTC port; throws the native error if that cannot be. */
  start(): void {
    const { interfaces, extraWebRtcAddresses, webRtcPort } = this.#environment.options;
    for (const { bind } of interfaces) this.#webRtcPort.bind(bind, webRtcPort);
    for (const address of extraWebRtcAddresses) this.#webRtcPort.bind(address, webRtcPort);
  }

  /** Datagrams that no leg counts: from strangers to the WebRTC port. */
  get strangers(): Refusals {
    return this.#strangers;
  }

  execute(command: MediaCommand, now: Millis): MediaReply {
    switch (command.op) {
      case 'hello':
        return this.#hello(command);
      case 'snapshot':
        return { op: 'snapshot', sessions: this.#snapshot() };
      case 'open-leg':
        return this.#openLeg(command, now);
      case 'open-link':
        return this.#openLink(command, now);
      case 'configure-leg':
        return this.#withLeg(command.leg, now, (leg) => this.#configure(leg, command, now));
      case 'restart-ice':
        return this.#withLeg(command.leg, now, restartIce);
      case 'add-candidates':
        return this.#withLeg(command.leg, now, (leg) => addCandidates(leg, command.candidates));
      case 'set-source':
        return this.#withLeg(command.leg, now, (leg) => this.#setSource(leg, command, now));
      case 'send-dtmf':
        return this.#withLeg(command.leg, now, (leg) => sendDigit(leg, command, now));
      case 'close-leg':
        return this.#closeLeg(command.leg, now);
      case 'close-session':
        return this.#closeSession(command.session, now);
      case 'attach-recovery':
        return this.#attachRecovery(command);
      case 'statistics':
        return this.#withLeg(command.leg, now, statisticsReply);
      case 'census':
        return this.#census(command.collectGarbage ?? false);
      case 'heartbeat':
        return DONE;
      default:
        return unreachable(command);
    }
  }

  /** When `handleTimeout` is next due. */
  deadline(): Millis | undefined {
    return this.#environment.agenda.deadline();
  }

  /** Runs one thing that is due, so that the driver can stop in between; false if nothing is. */
  handleTimeout(now: Millis): boolean {
    const task = this.#environment.agenda.takeDue(now);
    task?.run(now);
    return task !== undefined;
  }

  close(now: Millis): void {
    for (const id of [...this.#sessions.keys()]) this.#closeSession(id, now);
    this.#webRtcPort.close();
  }

  #hello({ version }: CommandOf<'hello'>): MediaReply {
    if (version !== CONTRACT_VERSION) {
      return faulty('media.version', `${version} asked, ${CONTRACT_VERSION} spoken`);
    }
    const { options, epoch } = this.#environment;
    return { op: 'hello', version: CONTRACT_VERSION, process: options.process, epoch };
  }

  #snapshot(): SessionSnapshot[] {
    return [...this.#sessions.values()].map(({ id, legs, recovery }) => ({
      session: id,
      legs: [...legs].map((leg) => leg.id),
      recovery,
    }));
  }

  #openLeg(command: CommandOf<'open-leg'>, now: Millis): MediaReply {
    const { interfaces } = this.#environment.options;
    const place = interfaces.find(({ name }) => name === command.interface);
    if (place === undefined) return faulty('media.unknown_interface', command.interface);
    return this.#open(command.session, command.leg, command.transport, place, now);
  }

  #openLink(command: CommandOf<'open-link'>, now: Millis): MediaReply {
    return this.#open(command.session, command.leg, { ...RTP, rtcp: 'mux' }, LOOPBACK, now);
  }

  #open(
    sessionId: MediaSessionId,
    id: MediaLegId,
    kind: TransportKind,
    place: MediaInterface,
    now: Millis,
  ): MediaReply {
    const existing = this.#legs.get(id);
    if (existing !== undefined) return { op: 'leg', leg: id, local: existing.transport.local() };
    const isNewSession = !this.#sessions.has(sessionId);
    if (this.#legs.size >= MOST_LEGS || (isNewSession && this.#sessions.size >= MOST_SESSIONS)) {
      return faulty('media.too_many_legs', `${this.#legs.size}`);
    }
    const opener = this.#transportOpener(kind, place);
    if (!opener.ok) return { op: 'fault', fault: opener.fault };
    const ports = {
      environment: this.#environment,
      refusals: new Refusals(),
      openTransport: opener.value,
      emit: this.#environment.emit,
    };
    const leg = new MediaLeg(id, sessionId, ports, now);
    const session = this.#sessions.get(sessionId) ?? {
      id: sessionId,
      legs: new Set(),
      recovery: null,
    };
    session.legs.add(leg);
    this.#sessions.set(sessionId, session);
    this.#legs.set(id, leg);
    return { op: 'leg', leg: id, local: leg.transport.local() };
  }

  /** Everything that may fail does so here, before the leg exists. */
  #transportOpener(
    kind: TransportKind,
    place: MediaInterface,
  ): Result<(owner: TransportOwner, refusals: Refusals) => LegTransport> {
    const environment = this.#environment;
    if (kind.ice) {
      const at = { port: this.#webRtcPort, interface: place };
      return succeed((owner, refusals) => new IceTransport(kind, environment, owner, refusals, at));
    }
    const ports = this.#portsAt(place.bind);
    const pair = ports.open(kind.rtcp === 'pair');
    if (!pair.ok) return pair;
    const at = { interface: place, ports, pair: pair.value };
    return succeed((owner, refusals) => new PortTransport(kind, environment, owner, refusals, at));
  }

  #portsAt(address: string): RtpPorts {
    const known = this.#rtpPorts.get(address);
    if (known !== undefined) return known;
    const { first, last } = this.#environment.options.rtpPorts;
    const ports = new RtpPorts(this.#environment, address, first, last);
    this.#rtpPorts.set(address, ports);
    return ports;
  }

  #configure(leg: MediaLeg, command: CommandOf<'configure-leg'>, now: Millis): MediaReply {
    if (leg.state === 'failed') return faulty('media.leg_failed', leg.id);
    const isRefresh = JSON.stringify(command.media) === JSON.stringify(leg.plans);
    // Bridges name m-lines, which may be about to change; a refresh must not be heard.
    if (!isRefresh) this.#sources.part(leg);
    try {
      leg.configure(command.remote, command.media, now);
    } catch (error) {
      return { op: 'fault', fault: nativeFault(error) };
    } finally {
      if (!isRefresh) this.#sources.joinAgain(leg);
    }
    return DONE;
  }

  #setSource(leg: MediaLeg, command: CommandOf<'set-source'>, now: Millis): MediaReply {
    this.#sources.set(leg, command.source);
    for (const { media } of leg.lines) {
      if (media.plan.kind === 'video') media.upstream?.askForKeyframe(now);
    }
    return DONE;
  }

  #closeLeg(id: MediaLegId, now: Millis): MediaReply {
    const leg = this.#legs.get(id);
    if (leg === undefined) return DONE;
    const statistics = leg.statistics();
    this.#sources.part(leg);
    this.#sources.forget(leg);
    this.#legs.delete(id);
    this.#environment.loop.contain(leg, now, () => leg.close(now));
    const session = this.#sessions.get(leg.session);
    session?.legs.delete(leg);
    if (session?.legs.size === 0 && session.recovery === null) this.#sessions.delete(session.id);
    return { op: 'statistics', leg: id, statistics };
  }

  #closeSession(id: MediaSessionId, now: Millis): MediaReply {
    const session = this.#sessions.get(id);
    for (const leg of [...(session?.legs ?? [])]) this.#closeLeg(leg.id, now);
    this.#sessions.delete(id);
    return DONE;
  }

  #attachRecovery({ session: id, recovery }: CommandOf<'attach-recovery'>): MediaReply {
    const session = this.#sessions.get(id);
    if (session === undefined) return faulty('media.unknown_session', id);
    session.recovery = recovery;
    return DONE;
  }

  #census(collectGarbage: boolean): MediaReply {
    const ports = [...this.#rtpPorts.values()].map((each) => each.counts());
    const counts = {
      sessions: this.#sessions.size,
      legs: this.#legs.size,
      timers: this.#environment.agenda.size,
      portsInUse: ports.reduce((sum, each) => sum + each.inUse, 0),
      portsDraining: ports.reduce((sum, each) => sum + each.draining, 0),
    };
    return { op: 'census', census: takeCensus(this.#environment.census, counts, collectGarbage) };
  }

  /** A throw is the leg's own, and its signalling hears of it; the others go on. */
  #withLeg(id: MediaLegId, now: Millis, act: (leg: MediaLeg) => MediaReply): MediaReply {
    const leg = this.#legs.get(id);
    if (leg === undefined) return faulty('media.unknown_leg', id);
    let reply = faulty('media.internal_error', id);
    this.#environment.loop.contain(leg, now, () => {
      reply = act(leg);
    });
    return reply;
  }
}

function restartIce(leg: MediaLeg): MediaReply {
  if (!(leg.transport instanceof IceTransport)) return faulty('media.no_ice', leg.id);
  leg.transport.restart();
  return { op: 'leg', leg: leg.id, local: leg.transport.local() };
}

function addCandidates(leg: MediaLeg, candidates: readonly string[]): MediaReply {
  if (leg.transport instanceof IceTransport) leg.transport.addCandidates(candidates);
  return DONE;
}

function sendDigit(leg: MediaLeg, command: CommandOf<'send-dtmf'>, now: Millis): MediaReply {
  const audio = leg.lines.find(({ media }) => media.plan.kind === 'audio');
  const isQueued = audio?.media.sendDigit(command.digit, command.durationMs, now) ?? false;
  return isQueued ? DONE : faulty('media.digit_not_sent', leg.id);
}

function statisticsReply(leg: MediaLeg): MediaReply {
  return { op: 'statistics', leg: leg.id, statistics: leg.statistics() };
}

function faulty(code: string, detail: string): MediaReply {
  const fault: Fault = fail(code, detail).fault;
  return { op: 'fault', fault };
}
