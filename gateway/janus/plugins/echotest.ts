/** `janus.plugin.echotest`: an offer is answered with media that comes back as it was sent. */
import { janusCoreReasonOf } from '../../call/causes.ts';
import type { LegCommand, LegId } from '../../call/leg-contract.ts';
import { unreachable } from '../../core/unreachable.ts';

import { type JsonObject, type JsonValue, readShape } from '../json.ts';
import {
  causeOfEnding,
  type HandleEnding,
  type Plugin,
  type PluginHandle,
  type PluginMessage,
  type PluginOutlet,
} from './plugin.ts';

const ERRORS = { invalidElement: 413, invalidSdp: 414 } as const;

/** What a request may ask for; of these only the mute flags and the codec matter to an echo. */
const REQUEST = {
  audio: 'boolean',
  video: 'boolean',
  audiocodec: 'string',
  videocodec: 'string',
  videoprofile: 'string',
  bitrate: 'integer',
  record: 'boolean',
  filename: 'string',
  substream: 'integer',
  temporal: 'integer',
  fallback: 'integer',
  svc: 'boolean',
  spatial_layer: 'integer',
  temporal_layer: 'integer',
  opusred: 'boolean',
  min_delay: 'integer',
  max_delay: 'integer',
  request: 'string',
} as const;

type EchoState =
  | { readonly kind: 'idle' }
  /** An offer waits for its answer, which carries the transaction. */
  | { readonly kind: 'offering'; readonly leg: LegId; readonly transaction: string }
  | { readonly kind: 'up'; readonly leg: LegId };

class EchoTestHandle implements PluginHandle {
  readonly #outlet: PluginOutlet;
  #state: EchoState;

  constructor(outlet: PluginOutlet, snapshot?: JsonValue) {
    this.#outlet = outlet;
    this.#state = (snapshot as EchoState | undefined) ?? { kind: 'idle' };
  }

  get leg(): LegId | undefined {
    return this.#state.kind === 'idle' ? undefined : this.#state.leg;
  }

  message(message: PluginMessage): void {
    const { transaction, body, jsep } = message;
    const read = readShape(body, REQUEST);
    if (!read.ok) return this.#refuse(transaction, 'invalidElement', read.fault.detail);
    if (jsep === undefined) return this.#withoutOffer(transaction, read.value.request);
    if (jsep.type !== 'offer') return this.#refuse(transaction, 'invalidSdp', 'expected an offer');
    if (this.#state.kind === 'offering') {
      return this.#refuse(transaction, 'invalidSdp', 'an offer still waits for its answer');
    }
    const leg = this.#offer(message, jsep.sdp);
    this.#state = { kind: 'offering', leg, transaction };
  }

  command(leg: LegId, command: LegCommand): void {
    if (leg !== this.leg) return;
    switch (command.type) {
      case 'answer':
      case 'progress':
      case 'reanswer':
        return this.#answer(leg, command.sdp);
      case 'reject-reoffer':
        return this.#refuseOffer(leg);
      case 'reject':
      case 'cancel':
      case 'hangup':
        return this.#over(janusCoreReasonOf(command.cause));
      case 'reoffer':
        // The echo has no far side that could change anything.
        return this.#outlet.legEvent(leg, {
          type: 'reoffer-rejected',
          cause: { name: 'not-acceptable' },
        });
      case 'invite':
      case 'ring':
      case 'dtmf':
      case 'media':
        return;
      default:
        return unreachable(command);
    }
  }

  accountEvent(): void {}

  callFacts(transaction: string, facts: JsonObject): void {
    this.#outlet.event({ echotest: 'event', result: 'ok', call: facts }, { transaction });
  }

  end(ending: HandleEnding): void {
    const { leg } = this;
    if (leg === undefined) return;
    this.#outlet.legEvent(leg, { type: 'ended', cause: causeOfEnding(ending), headers: [] });
    this.#state = { kind: 'idle' };
    if (ending !== 'hangup') return;
    this.#outlet.event({ echotest: 'event', result: 'done' });
    this.#outlet.hangup('Janus API');
  }

  snapshot(): JsonValue {
    return { ...this.#state };
  }

  #withoutOffer(transaction: string, request: string | undefined): void {
    const { leg } = this;
    if (request === 'call_status' && leg !== undefined) {
      return this.#outlet.inspect(leg, transaction);
    }
    this.#outlet.event({ echotest: 'event', result: 'ok' }, { transaction });
  }

  #offer(message: PluginMessage, sdp: string): LegId {
    if (this.#state.kind !== 'idle') {
      this.#outlet.legEvent(this.#state.leg, { type: 'reoffered', sdp });
      return this.#state.leg;
    }
    return this.#outlet.openLeg({
      from: { uri: 'sip:anonymous@anonymous.invalid' },
      to: 'sip:echo@localhost',
      application: 'echo',
      offer: sdp,
      headers: [],
      callId: this.#outlet.randomCallId(),
      peer: message.peer,
    });
  }

  #answer(leg: LegId, sdp: string): void {
    if (this.#state.kind !== 'offering') return;
    const { transaction } = this.#state;
    this.#state = { kind: 'up', leg };
    const jsep = { type: 'answer', sdp } as const;
    this.#outlet.event({ echotest: 'event', result: 'ok' }, { transaction, jsep });
  }

  #refuseOffer(leg: LegId): void {
    if (this.#state.kind !== 'offering') return;
    const { transaction } = this.#state;
    this.#state = { kind: 'up', leg };
    this.#refuse(transaction, 'invalidSdp', 'the offer cannot be accepted');
  }

  #over(reason: string): void {
    const state = this.#state;
    this.#state = { kind: 'idle' };
    if (state.kind === 'offering') this.#refuse(state.transaction, 'invalidSdp', reason);
    else this.#outlet.event({ echotest: 'event', result: 'done' });
    this.#outlet.hangup(reason);
  }

  #refuse(transaction: string, error: keyof typeof ERRORS, detail: string): void {
    this.#outlet.event(
      { echotest: 'event', error_code: ERRORS[error], error: detail },
      { transaction },
    );
  }
}

export const echoTest: Plugin = {
  name: 'janus.plugin.echotest',
  title: 'Echo test',
  description: 'Sends back what a browser sends.',
  version: 1,
  open: (outlet, snapshot) => new EchoTestHandle(outlet, snapshot),
};
