/** A media process that carries no media: it keeps the contract's books and answers at once. */
import type {
  MediaCommand,
  MediaReply,
  MediaSource,
} from '../../../gateway/media-contract/contract.ts';
import type { LocalTransport, TransportKind } from '../../../gateway/media-contract/transport.ts';

export interface FakeLeg {
  readonly session: string;
  readonly transport: TransportKind;
  readonly local: LocalTransport;
  configuration?: Extract<MediaCommand, { op: 'configure-leg' }>;
  source: MediaSource;
}

export class FakeMedia {
  readonly legs = new Map<string, FakeLeg>();
  readonly commands: MediaCommand[] = [];
  /** Codes of faults to answer the next commands of an `op` with. */
  readonly faults: { [op in MediaCommand['op']]?: string } = {};
  #ports = 20_000;
  #restarts = 0;

  execute(command: MediaCommand): MediaReply {
    this.commands.push(command);
    const code = this.faults[command.op];
    if (code !== undefined) return { op: 'fault', fault: { code, detail: 'as the test wants' } };
    switch (command.op) {
      case 'open-leg':
        return { op: 'leg', leg: command.leg, local: this.#open(command) };
      case 'restart-ice':
        return { op: 'leg', leg: command.leg, local: this.#restart(command.leg) };
      case 'configure-leg':
        this.#leg(command.leg).configuration = command;
        return { op: 'done' };
      case 'set-source':
        this.#leg(command.leg).source = command.source;
        return { op: 'done' };
      case 'close-leg':
        this.legs.delete(command.leg);
        return {
          op: 'statistics',
          leg: command.leg,
          statistics: { received: [], sent: [], refused: {} },
        };
      case 'close-session':
        for (const [id, leg] of this.legs) {
          if (leg.session === command.session) this.legs.delete(id);
        }
        return { op: 'done' };
      default:
        return { op: 'done' };
    }
  }

  /** The legs that each of two legs hears. */
  hears(leg: string): string {
    const source = this.legs.get(leg)?.source;
    return source?.kind === 'leg' ? source.leg : (source?.kind ?? 'closed');
  }

  #leg(id: string): FakeLeg {
    const leg = this.legs.get(id);
    if (leg === undefined) throw new Error(`no media leg ${id}`);
    return leg;
  }

  #open(command: Extract<MediaCommand, { op: 'open-leg' }>): LocalTransport {
    const known = this.legs.get(command.leg);
    if (known !== undefined) return known.local;
    const { transport } = command;
    const rtpPort = this.#ports;
    this.#ports += 2;
    const local: LocalTransport = {
      address: '127.0.0.1',
      rtpPort,
      rtcpPort: transport.rtcp === 'mux' ? rtpPort : rtpPort + 1,
      ice: transport.ice ? iceOf(rtpPort, 0) : undefined,
      fingerprints: transport.keying === 'dtls' ? [FINGERPRINT] : undefined,
    };
    this.legs.set(command.leg, {
      session: command.session,
      transport,
      local,
      source: { kind: 'none' },
    });
    return local;
  }

  #restart(id: string): LocalTransport {
    const { local } = this.#leg(id);
    this.#restarts += 1;
    return { ...local, ice: iceOf(local.rtpPort, this.#restarts) };
  }
}

const FINGERPRINT = { hash: 'sha-256', value: Array(32).fill('AB').join(':') };

function iceOf(port: number, generation: number): NonNullable<LocalTransport['ice']> {
  return {
    ufrag: `p0u${port}g${generation}`,
    pwd: 'p'.repeat(24),
    candidates: [{ foundation: '1', priority: 2130706431, address: '127.0.0.1', port }],
  };
}
