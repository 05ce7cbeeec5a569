/** A gateway with a phone beside it and browser tabs as needed, all on loopback addresses. */
import { type GatewaySettings, RunningGateway } from '../../../support/gateway/running-gateway.ts';
import { BrowserTab } from '../../../support/parties/browser-tab.ts';
import type { BrowserCodec } from '../../../support/parties/descriptions.ts';
import { type PhoneCall, SipPhone } from '../../../support/parties/sip-phone.ts';
import { type Rest, restOf } from './nothing-left.ts';
import { Talk } from './talk.ts';

/** A call in which both ends have heard each other. */
export interface TalkingCall {
  readonly tab: BrowserTab;
  readonly call: PhoneCall;
  readonly talk: Talk;
}

export type Caller = 'browser' | 'phone';
export const CALLERS: readonly Caller[] = ['browser', 'phone'];

export interface CallOptions {
  /** The one beside the gateway, if it is not another. */
  readonly phone?: SipPhone;
  /** The only one that the browser has; the phone has PCMU. */
  readonly codec?: BrowserCodec;
}

let tabs = 0;

export class Scene {
  readonly gateway: RunningGateway;
  readonly phone: SipPhone;
  /** What the gateway held before anybody called. */
  readonly rest: Rest;
  readonly #phones: SipPhone[];

  private constructor(gateway: RunningGateway, phone: SipPhone, rest: Rest) {
    this.gateway = gateway;
    this.phone = phone;
    this.rest = rest;
    this.#phones = [phone];
  }

  static async open(settings: GatewaySettings): Promise<Scene> {
    return Scene.at(await RunningGateway.start(settings));
  }

  /** At a gateway that runs and has no calls. */
  static async at(gateway: RunningGateway): Promise<Scene> {
    const rest = await restOf(gateway);
    const phone = await SipPhone.open(placesOf(gateway));
    return new Scene(gateway, phone, rest);
  }

  /** One more phone, which may be treated badly. */
  async openPhone(): Promise<SipPhone> {
    const phone = await SipPhone.open(placesOf(this.gateway));
    this.#phones.push(phone);
    return phone;
  }

  /** Each tab has a name of its own, under which it can be called. */
  async openTab(
    codec?: BrowserCodec,
  ): Promise<{ readonly tab: BrowserTab; readonly name: string }> {
    tabs += 1;
    const name = `tab${tabs}`;
    const { webSocketUrl } = this.gateway;
    const { address } = placesOf(this.gateway);
    const as = this.gateway.addressOf(name);
    return { tab: await BrowserTab.open({ url: webSocketUrl, address, as, codec }), name };
  }

  /** The phone, or the tab, rings. */
  async ring(caller: Caller): Promise<{ readonly tab: BrowserTab; readonly call: PhoneCall }> {
    const { tab, name } = await this.openTab();
    if (caller === 'browser') {
      await tab.call(this.phone.uri);
      const call = await this.phone.called();
      call.ring();
      await tab.janus.hears('ringing');
      return { tab, call };
    }
    const call = await this.phone.call(name);
    await call.rings();
    return { tab, call };
  }

  /** Calls, and resolves once media could flow. */
  async connect(
    caller: Caller,
    { phone = this.phone, codec }: CallOptions = {},
  ): Promise<{ readonly tab: BrowserTab; readonly call: PhoneCall }> {
    const { tab, name } = await this.openTab(codec);
    if (caller === 'browser') return { tab, call: await answeredBy(phone, tab) };
    const call = await phone.call(name);
    await tab.accept(await tab.rings());
    await call.answered;
    return { tab, call };
  }

  /** Connects them and lets both talk. */
  async talk(caller: Caller, options: CallOptions = {}): Promise<TalkingCall> {
    const { tab, call } = await this.connect(caller, options);
    const talk = new Talk(tab.media, call.media);
    await talk.flows();
    return { tab, call, talk };
  }

  /** The peers go; the gateway is somebody else's. */
  leave(): void {
    for (const phone of this.#phones) phone.close();
  }

  async close(): Promise<void> {
    this.leave();
    await this.gateway.stop();
  }
}

async function answeredBy(phone: SipPhone, tab: BrowserTab): Promise<PhoneCall> {
  await tab.call(phone.uri);
  const call = await phone.called();
  call.ring();
  call.accept();
  await tab.answered();
  return call;
}

/** Peers are on the gateway's network, beside it. */
function placesOf({ address, sip }: RunningGateway) {
  return { address: address.replace(/1$/, '2'), gateway: sip };
}
