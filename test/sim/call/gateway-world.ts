/** The whole of signalling between SIP phones and scripted browsers over a simulated network. */
import { Users } from '../../../gateway/account/users.ts';
import { echo } from '../../../gateway/apps/echo/echo.ts';
import type { CallRecord } from '../../../gateway/call/call-record.ts';
import type { IncomingLeg, LegCommand, LegId } from '../../../gateway/call/leg-contract.ts';
import {
  Switchboard,
  type SwitchboardInput,
  type SwitchboardOptions,
  type SwitchboardOutput,
  type SwitchboardSnapshot,
} from '../../../gateway/call/switchboard.ts';
import { WEBRTC } from '../../../gateway/media-contract/transport.ts';
import { authorise } from '../../../gateway/routing/authorisation.ts';
import { RoutingRule } from '../../../gateway/routing/rule.ts';
import type { SipEvent } from '../../../gateway/sip/endpoint-contract.ts';
import { Trunks } from '../../../gateway/trunk/trunks.ts';
import { LIMITS } from '../../support/call/call-bench.ts';
import { FakeMedia } from '../../support/call/fake-media.ts';
import { phoneSdp, recorded } from '../../support/call/peer-description.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { Network, type NetworkOptions, type Node, optionsAt } from '../sip/sip-network.ts';

export const GATEWAY = '10.0.0.1';
export const PHONE = '10.0.0.2';

const own = { domains: [], hosts: [GATEWAY], ports: [5060] };
const users = new Users([], 'test');
const trunks = new Trunks([
  {
    name: 'pbx',
    targets: [`sip:${PHONE}`],
    transport: 'udp',
    codecs: ['pcmu', 'pcma'],
    srtp: 'off',
    register: false,
    matchSources: [],
    mediaNetworks: [],
  },
]);

const OPTIONS: SwitchboardOptions = {
  limits: LIMITS,
  applications: { echo },
  users,
  trunks,
  routing: {
    own,
    rules: [new RoutingRule({ from: 'api', called: /^.*$/, to: { kind: 'trunk', name: 'pbx' } })],
    extensions: new Map([['echo', 'echo']]),
    interfaces: { outside: 'main' },
    user: () => undefined,
    trunk: (name) => trunks.get(name),
  },
};

export interface WorldOptions extends NetworkOptions {
  /** Chance that the call layer is restarted before each of its inputs. */
  readonly callRestarts?: number;
}

export class GatewayWorld {
  readonly network: Network;
  readonly gateway: Node;
  readonly phone: Node;
  readonly media = new FakeMedia();
  readonly records: CallRecord[] = [];
  /** What browsers' legs were told, as `leg command`. */
  readonly told: string[] = [];
  /** What a browser does about a command to its leg. */
  onBrowser: (leg: LegId, command: LegCommand) => void = () => {};
  readonly #random: SeededRandom;
  readonly #restarts: { readonly share: number; readonly dice: SeededRandom };
  #board: Switchboard;
  #watched: number | undefined;

  constructor(options: WorldOptions = {}) {
    const seed = options.seed ?? 1;
    this.network = new Network(options);
    this.gateway = this.network.add(GATEWAY, optionsAt(GATEWAY, { applicationMethods: ['INFO'] }), {
      authorise: (query) =>
        authorise({ own, users, trunks, realm: 'test', algorithms: ['MD5'] }, query),
      userCredentials: () => undefined,
      accountCredentials: () => undefined,
    });
    this.phone = this.network.add(PHONE);
    this.#random = new SeededRandom(seed);
    this.#restarts = { share: options.callRestarts ?? 0, dice: new SeededRandom(seed + 7) };
    this.#board = new Switchboard(OPTIONS, this.#random);
    this.gateway.onEvent = (event) => this.feed({ type: 'sip', event });
    this.feed({ type: 'media-up', process: 'media-1' });
  }

  get board(): Switchboard {
    return this.#board;
  }

  feed(input: SwitchboardInput): void {
    this.#perhapsRestart();
    this.#board.handle(input, this.network.now);
    this.#drain();
  }

  browserCalls(leg: LegId, to = `sip:bob@${PHONE}`): void {
    this.feed({ type: 'janus-leg', leg: { ...BROWSER, leg, to } });
  }

  browserHangsUp(leg: LegId): void {
    const cause = { name: 'normal' } as const;
    this.feed({ type: 'janus-event', leg, event: { type: 'ended', cause, headers: [] } });
  }

  /** The phone's part: what it does about each event of its endpoint. */
  phoneDoes(act: (event: SipEvent) => void): void {
    this.phone.onEvent = act;
  }

  phoneAnswers(event: SipEvent & { type: 'incoming-invite' }, status = 200): void {
    const body = { contentType: 'application/sdp', content: Buffer.from(phoneSdp()) };
    const { request } = event;
    const offered = status < 300 && status !== 180;
    this.network.command(this.phone, {
      type: 'respond',
      request,
      status,
      ...(offered && { body }),
    });
  }

  /** Everything that still lives anywhere in the gateway. */
  remains(): object {
    const { calls, legs, timers, commands, sipLegs } = this.#board.counts();
    const { transactions, dialogs, requests, legs: endpointLegs } = this.gateway.counts();
    return {
      calls,
      legs,
      timers,
      commands,
      sipLegs,
      transactions,
      dialogs,
      requests,
      endpointLegs,
      mediaLegs: this.media.legs.size,
    };
  }

  #perhapsRestart(): void {
    const { share, dice } = this.#restarts;
    if (dice.next() >= share) return;
    const snapshot = JSON.parse(JSON.stringify(this.#board.snapshot())) as SwitchboardSnapshot;
    this.#board = new Switchboard(OPTIONS, this.#random, snapshot);
  }

  #drain(): void {
    for (let output = this.#board.poll(); output !== undefined; output = this.#board.poll()) {
      this.#carryOut(output);
    }
    this.#watchDeadline();
  }

  #carryOut(output: SwitchboardOutput): void {
    const { network } = this;
    switch (output.type) {
      case 'sip':
        network.command(this.gateway, output.command);
        return;
      case 'janus': {
        const { leg, command } = output;
        this.told.push(`${leg} ${command.type}`);
        network.at(1, () => this.onBrowser(leg, command));
        return;
      }
      case 'media-command': {
        const { process, id } = output;
        const reply = this.media.execute(output.command);
        network.at(1, () => this.feed({ type: 'media-reply', process, id, reply }));
        return;
      }
      case 'record':
        this.records.push(output.record);
        return;
      default:
        return;
    }
  }

  /** The network's clock wakes the call layer too. */
  #watchDeadline(): void {
    const deadline = this.#board.deadline();
    if (deadline === undefined || deadline === this.#watched) return;
    this.#watched = deadline;
    this.network.at(Math.max(0, deadline - this.network.now), () => {
      this.#watched = undefined;
      this.#perhapsRestart();
      this.#board.handleTimeout(this.network.now);
      this.#drain();
    });
  }
}

const BROWSER: Omit<IncomingLeg, 'leg'> = {
  signalling: 'janus',
  transport: WEBRTC,
  interface: 'main',
  local: true,
  from: { uri: `sip:alice@${GATEWAY}` },
  to: '',
  offer: recorded('chromium-audio-offer'),
  headers: [],
  callId: 'browser',
};
