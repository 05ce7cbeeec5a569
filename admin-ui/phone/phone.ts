/** The phone: what its buttons do, what the gateway says, and the signals that the page shows. */
import { signal } from '@preact/signals';
import {
  type Handle,
  type JanusClient,
  JanusError,
  type JanusMessage,
} from '../api/janus-client.ts';
import { completeAddress, readableAddress } from './address.ts';
import { BrowserMedia, type MediaState } from './browser-media.ts';
import { type CallMove, type CallState, step } from './call-state.ts';
import { callEnding, mediaEnding, microphoneProblem, requestProblem } from './plain-words.ts';
import type { CallFacts, GatewayLeg } from './statistics.ts';
import { Tones } from './tones.ts';

export type LineState = 'connecting' | 'online' | 'offline';

export type AccountState =
  | { readonly kind: 'none' }
  | { readonly kind: 'registering'; readonly address: string }
  | { readonly kind: 'registered'; readonly address: string }
  | { readonly kind: 'failed'; readonly address: string; readonly problem: string };

interface Credentials {
  readonly address: string;
  readonly password: string;
}

/** A result of the SIP plugin. */
interface SipResult {
  readonly event?: string;
  readonly username?: string;
  readonly displayname?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly call?: unknown;
}

const FACTS_EVERY_MS = 1_000;
const STORED_NAME = 'causeway.name';

export class Phone {
  readonly line = signal<LineState>('connecting');
  readonly account = signal<AccountState>({ kind: 'none' });
  readonly call = signal<CallState>({ kind: 'idle' });
  readonly facts = signal<CallFacts | undefined>(undefined);
  readonly host: string;
  readonly #client: JanusClient;
  readonly #tones = new Tones();
  #sip: Handle | undefined;
  #echo: Handle | undefined;
  /** The handle that the call is on. */
  #active: Handle | undefined;
  #media: BrowserMedia | undefined;
  #incomingOffer: RTCSessionDescriptionInit | undefined;
  #credentials: Credentials;
  #factsTimer: ReturnType<typeof setInterval> | undefined;

  constructor(client: JanusClient, host: string) {
    this.#client = client;
    this.host = host;
    this.#credentials = { address: completeAddress(rememberedName(), host), password: '' };
  }

  get ownAddress(): string {
    return this.#credentials.address;
  }

  start(): void {
    this.#client.onNews = (news) => {
      if (news === 'lost') this.line.value = 'offline';
      else this.line.value = 'online';
      if (news === 'new-session') this.#end({ problem: 'The connection was lost for too long.' });
      if (news === 'connected' || news === 'new-session') this.#attach().catch(() => {});
    };
    this.#client.connect();
    addEventListener('pagehide', () => this.#client.leave());
  }

  /** Becomes reachable under an address; without a password as a guest. */
  async register(typed: string, password: string): Promise<void> {
    const address = completeAddress(typed, this.host);
    if (this.account.value.kind === 'registered')
      await this.#ask(this.#sip, { request: 'unregister' });
    this.#credentials = { address, password };
    if (password === '') localStorage.setItem(STORED_NAME, readableAddress(address, this.host));
    await this.#register();
  }

  async callEcho(): Promise<void> {
    const offer = await this.#prepare('Echo', this.#echo);
    if (offer !== undefined) await this.#ask(this.#echo, { audio: true }, offer);
  }

  async callAddress(typed: string): Promise<void> {
    const uri = completeAddress(typed, this.host);
    const offer = await this.#prepare(readableAddress(uri, this.host), this.#sip);
    if (offer !== undefined) await this.#ask(this.#sip, { request: 'call', uri }, offer);
  }

  async answer(): Promise<void> {
    const offer = this.#incomingOffer;
    const { value } = this.call;
    if (offer === undefined || value.kind !== 'incoming') return;
    this.#tones.stop();
    const media = await this.#openMedia();
    if (media === undefined) return this.decline();
    const jsep = await media.answer(offer);
    await this.#ask(this.#sip, { request: 'accept' }, jsep);
  }

  async decline(): Promise<void> {
    await this.#ask(this.#sip, { request: 'decline' });
    this.#end({});
  }

  async hangUp(): Promise<void> {
    // The gateway hears of it before it sees the media close, and so does the other side.
    const handle = this.#active;
    if (handle === this.#sip) await this.#ask(handle, { request: 'hangup' });
    else await handle?.hangup().catch(() => {});
    this.#end({ note: 'You hung up.' });
  }

  mute(muted: boolean): void {
    this.#media?.mute(muted);
    this.#move({ type: 'mute', muted });
  }

  async hold(held: boolean): Promise<void> {
    this.#move({ type: 'hold', held });
    await this.#ask(this.#sip, { request: held ? 'hold' : 'unhold' });
  }

  async sendDigit(digit: string): Promise<void> {
    if (this.#media?.sendDigit(digit) === true || this.#active !== this.#sip) return;
    await this.#ask(this.#sip, { request: 'dtmf_info', digit });
  }

  async #attach(): Promise<void> {
    this.#echo = await this.#client.attach('janus.plugin.echotest');
    this.#echo.onMessage = (message) => this.#onEcho(message);
    this.#sip = await this.#client.attach('janus.plugin.sip');
    this.#sip.onMessage = (message) => this.#onSip(message);
    await this.#register();
  }

  async #register(): Promise<void> {
    const { address, password } = this.#credentials;
    this.account.value = { kind: 'registering', address };
    const proof = password === '' ? { type: 'guest' } : { secret: password };
    await this.#ask(this.#sip, { request: 'register', username: address, ...proof, refresh: true });
  }

  /** Opens the microphone and makes an offer, or tells why it could not. */
  async #prepare(
    party: string,
    handle: Handle | undefined,
  ): Promise<RTCSessionDescriptionInit | undefined> {
    if (this.call.value.kind !== 'idle') return undefined;
    this.#move({ type: 'prepare', party });
    this.#active = handle;
    const media = await this.#openMedia();
    const offer = await media?.offer();
    return this.#media === media ? offer : undefined;
  }

  /** Nothing, too, if the call is over by the time that the microphone is there. */
  async #openMedia(): Promise<BrowserMedia | undefined> {
    const call = this.call.value;
    try {
      const media = await BrowserMedia.open({
        onCandidate: (candidate) => this.#active?.trickle(candidate),
        onState: (state) => this.#onMedia(state),
      });
      if (this.call.value !== call) {
        media.close();
        return undefined;
      }
      this.#media = media;
      return media;
    } catch (error) {
      if (this.call.value === call)
        this.#end({ problem: microphoneProblem(error, isSecureContext) });
      return undefined;
    }
  }

  #onMedia(state: MediaState): void {
    if (state === 'failed') {
      this.#end({ problem: mediaEnding('ICE failed') });
      return;
    }
    this.#move({ type: 'connect', connected: state === 'connected' });
  }

  #onEcho(message: JanusMessage): void {
    // What an earlier call of this handle still has to say is no news of the present one.
    if (this.#active !== this.#echo) return;
    if (message.janus === 'hangup') return this.#hungUp(message.reason);
    const data = message.plugindata?.data;
    if (data?.error !== undefined) return this.#end({ problem: data.error });
    if (message.jsep !== undefined) this.#answered(message.jsep);
    if (data?.call !== undefined) this.#gatewayFacts(data.call);
  }

  #onSip(message: JanusMessage): void {
    const data = message.plugindata?.data;
    if (data?.error !== undefined) {
      return this.#refused(this.#sip, requestProblem(data.error_code ?? 0, data.error));
    }
    const result = (data?.result ?? {}) as SipResult;
    switch (result.event) {
      case 'registered':
        this.account.value = { kind: 'registered', address: result.username ?? '' };
        return;
      case 'registration_failed':
        return this.#registrationFailed(result);
      case 'incomingcall':
        return this.#onIncoming(result, message.jsep);
      case 'calling':
        return this.#move({ type: 'call' });
    }
    // Before it is calling, nothing that the gateway says is about the call that is being made.
    const { kind } = this.call.value;
    if (this.#active === this.#sip && kind !== 'preparing') this.#onSipCall(message, result);
  }

  #onSipCall(message: JanusMessage, result: SipResult): void {
    if (message.janus === 'hangup') return this.#hungUp(message.reason);
    switch (result.event) {
      case 'ringing':
        this.#move({ type: 'ring' });
        return this.#tones.ringThere();
      case 'progress':
      case 'accepted':
        return this.#answered(message.jsep, result.event === 'accepted');
      case 'hangup':
        return this.#end({
          note: 'The call has ended.',
          problem: callEnding(result.code ?? 0, result.reason ?? ''),
        });
      case 'call_status':
        return this.#gatewayFacts(result.call);
    }
  }

  /** One call at a time: whoever calls during another, the echo's too, finds the line busy. */
  #onIncoming(result: SipResult, offer: RTCSessionDescriptionInit | undefined): void {
    if (this.call.value.kind !== 'idle') {
      void this.#ask(this.#sip, { request: 'decline' });
      return;
    }
    this.#active = this.#sip;
    this.#incomingOffer = offer;
    const party = readableAddress(result.username ?? '', this.host);
    this.#move({ type: 'incoming', party, name: result.displayname ?? party });
    this.#tones.ringHere();
  }

  /** `isUp` is false while the answer only opens early media. */
  #answered(jsep: RTCSessionDescriptionInit | undefined, isUp = true): void {
    this.#tones.stop();
    const media = this.#media;
    if (media === undefined) return;
    if (jsep?.type === 'answer') {
      media.accept(jsep).catch(() => this.#end({ problem: mediaEnding('DTLS error') }));
    }
    if (!isUp) return;
    this.#move({ type: 'answer', nowMs: Date.now(), connected: media.isConnected });
    clearInterval(this.#factsTimer);
    this.#factsTimer = setInterval(() => this.#measure(), FACTS_EVERY_MS);
  }

  #hungUp(reason: string | undefined): void {
    this.#end({ note: 'The call has ended.', problem: mediaEnding(reason ?? '') });
  }

  /** A request was refused; while a call is being made that is the call's end. */
  #refused(handle: Handle | undefined, problem: string): void {
    if (handle === this.#sip && this.account.value.kind === 'registering') {
      const { address } = this.account.value;
      this.account.value = { kind: 'failed', address, problem };
    }
    const { kind } = this.call.value;
    if (handle === this.#active && (kind === 'preparing' || kind === 'calling')) {
      this.#end({ problem });
    }
  }

  #registrationFailed({ code = 0, reason = '' }: SipResult): void {
    const { address } = this.#credentials;
    const problem =
      code === 401 || code === 403 || code === 407
        ? 'The gateway wants a valid name and password.'
        : `Not registered: ${reason} (${code}).`;
    this.account.value = { kind: 'failed', address, problem };
  }

  async #measure(): Promise<void> {
    const media = this.#media;
    const handle = this.#active;
    if (media === undefined || handle === undefined) return;
    const browser = await media.facts();
    if (this.#media !== media) return;
    this.facts.value = { browser, legs: this.facts.value?.legs ?? [] };
    await handle.message({ request: 'call_status' }).catch(() => {});
  }

  #gatewayFacts(call: unknown): void {
    const { legs } = (call ?? {}) as { readonly legs?: readonly GatewayLeg[] };
    if (!Array.isArray(legs) || this.call.value.kind !== 'up') return;
    this.facts.value = { browser: this.facts.value?.browser ?? {}, legs };
  }

  async #ask(
    handle: Handle | undefined,
    body: object,
    jsep?: RTCSessionDescriptionInit,
  ): Promise<void> {
    try {
      if (handle === undefined) throw new JanusError(0, 'There is no connection to the gateway.');
      await handle.message(body, jsep);
    } catch (error) {
      this.#refused(handle, error instanceof Error ? error.message : String(error));
    }
  }

  #end(why: { readonly note?: string; readonly problem?: string }): void {
    this.#tones.stop();
    clearInterval(this.#factsTimer);
    this.#media?.close();
    this.#media = undefined;
    this.#active = undefined;
    this.#incomingOffer = undefined;
    this.facts.value = undefined;
    this.#move({ type: 'end', ...why });
  }

  #move(move: CallMove): void {
    this.call.value = step(this.call.value, move);
  }
}

/** The name used last in this browser, else one that nobody else is likely to have. */
function rememberedName(): string {
  const remembered = localStorage.getItem(STORED_NAME);
  if (remembered !== null) return remembered;
  const name = `guest-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36)}`;
  localStorage.setItem(STORED_NAME, name);
  return name;
}
