/** A gateway with a phone beside it and browser tabs as needed, all on loopback addresses. */
import { type GatewaySettings, RunningGateway } from '../../../support/gateway/running-gateway.ts';
import { BrowserTab } from '../../../support/parties/browser-tab.ts';
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

export class Scene {
  readonly gateway: RunningGateway;
  readonly phone: SipPhone;
  /** What the gateway held before anybody called. */
  readonly rest: Rest;
  readonly #phones: SipPhone[];
  #tabs = 0;

  private constructor(gateway: RunningGateway, phone: SipPhone, rest: Rest) {
    this.gateway = gateway;
    this.phone = phone;
    this.rest = rest;
    this.#phones = [phone];
  }

  static async open(settings: GatewaySettings): Promise<Scene> {
    const gateway = await RunningGateway.start(settings);
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
  async openTab(): Promise<{ readonly tab: BrowserTab; readonly name: string }> {
    this.#tabs += 1;
    const name = `tab${this.#tabs}`;
    const { webSocketUrl } = this.gateway;
    const { address } = placesOf(this.gateway);
    const as = this.gateway.addressOf(name);
    return { tab: await BrowserTab.open({ url: webSocketUrl, address, as }), name };
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

  /** Connects them and lets both talk. */
  async talk(caller: Caller, phone = this.phone): Promise<TalkingCall> {
    const { tab, name } = await this.openTab();
    const call = caller === 'browser' ? await answeredBy(phone, tab) : await phone.call(name);
    if (caller === 'phone') {
      await tab.accept(await tab.rings());
      await call.answered;
    }
    const talk = new Talk(tab.media, call.media);
    await talk.flows();
    return { tab, call, talk };
  }

  async close(): Promise<void> {
    for (const phone of this.#phones) phone.close();
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
