/** All that strangers do, at once and against a whole gateway, while others go on calling. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bindingRequest } from '../../support/attack/binding-request.ts';
import { FORGERIES_OF_CLIENTS, type Forgery } from '../../support/attack/dtls-peer.ts';
import { alerts, clientHello, noise } from '../../support/attack/dtls-records.ts';
import { NumberedMedia } from '../../support/attack/numbered-media.ts';
import { UdpEnd } from '../../support/attack/udp-end.ts';
import { BrowserTab } from '../../support/parties/browser-tab.ts';
import { SipPhone } from '../../support/parties/sip-phone.ts';
import { callsAreGone } from '../endings/support/nothing-left.ts';
import { CALLERS, Scene, type TalkingCall } from '../endings/support/scene.ts';
import { Talk } from '../endings/support/talk.ts';

const STRANGER_ADDRESS = '127.0.0.66';
const OFFICE = { address: '127.0.3.3', port: 35_062 };
const WEBRTC_PORT = 30_000;
const RTP_PORTS = { first: 40_000, last: 40_099 };
const VOLLEY_MS = 10;
const TALK_MS = 40;
const START_MS = 60_000;
const TEST_MS = 60_000;
const PERSISTENCE_MS = 300;

let scene: Scene;
let office: SipPhone;
let stranger: UdpEnd;
let forger: NumberedMedia;
let attack: NodeJS.Timeout | undefined;
/** Calls that were up before the attack began, and how each ends. */
const bystanders: { readonly talk: Talk; readonly end: () => Promise<void> }[] = [];

beforeAll(async () => {
  scene = await Scene.open({
    configuration: {
      trunks: [{ name: 'office', targets: [`sip:${OFFICE.address}:${OFFICE.port}`] }],
      routes: [{ from: 'any', called: 'office', to: { trunk: 'office' } }],
    },
  });
  office = await SipPhone.open({ ...OFFICE, gateway: scene.gateway.sip });
  stranger = await UdpEnd.open(STRANGER_ADDRESS);
  forger = new NumberedMedia(stranger);
  for (const caller of CALLERS) {
    const call = await scene.talk(caller);
    bystanders.push({ talk: call.talk, end: () => end(call) });
  }
  bystanders.push(await talkBetweenPhones());
  await beginAttack();
}, START_MS);

afterAll(async () => {
  clearInterval(attack);
  stranger?.close();
  office?.close();
  await scene?.close();
}, START_MS);

async function talkBetweenPhones() {
  const near = await scene.phone.call('office');
  const far = await office.called();
  far.ring();
  far.accept();
  await near.answered;
  const talk = new Talk(near.media, far.media);
  await talk.flows();
  const end = async () => {
    near.hangUp();
    await near.over();
    await far.over();
  };
  return { talk, end };
}

async function end({ tab, call }: TalkingCall): Promise<void> {
  call.hangUp();
  await call.over();
  tab.closeMedia();
  await tab.janus.destroy();
}

/** DTLS and STUN at the WebRTC port, plain RTP at every port that calls have, without a pause. */
async function beginAttack(): Promise<void> {
  const { address } = scene.gateway;
  const hello = await clientHello();
  attack = setInterval(() => {
    const request = { username: 'm0nobody:stranger', password: 'no password of anybody' };
    const datagrams = [hello, ...alerts(), ...noise(), bindingRequest(request)];
    for (const datagram of datagrams) stranger.send(datagram, { address, port: WEBRTC_PORT });
    for (let port = RTP_PORTS.first; port <= RTP_PORTS.last; port += 1) {
      stranger.send(forger.nextPacket(), { address, port });
    }
  }, VOLLEY_MS);
}

function openForger(forgery: Forgery): Promise<BrowserTab> {
  const { webSocketUrl: url } = scene.gateway;
  const as = scene.gateway.addressOf(`forger-${forgery}`);
  return BrowserTab.open({ url, address: scene.phone.place.address, as, forgery });
}

describe('while strangers attack a whole gateway', () => {
  test(
    'a browser that promises its certificate by MD5 only is refused before anybody rings',
    async () => {
      const tab = await openForger('weak-promise');
      await tab.call(scene.phone.uri);
      expect(await tab.over()).toMatchObject({ code: 488 });
      tab.closeMedia();
      await tab.janus.destroy();
    },
    TEST_MS,
  );

  test.each(FORGERIES_OF_CLIENTS.filter((forgery) => forgery !== 'weak-promise'))(
    'a browser that forges DTLS by %s gets no media, and both ends of its call are told',
    async (forgery) => {
      const tab = await openForger(forgery);
      await tab.call(scene.phone.uri);
      const call = await scene.phone.called();
      call.ring();
      call.accept();
      call.media.start();
      await tab.answeredInVain();
      const talk = setInterval(() => {
        const keys = tab.dtls.keysSoFar();
        if (keys !== undefined && !tab.media.hasKeys) tab.media.useKeys(keys);
        if (keys !== undefined) tab.media.sendOne();
      }, TALK_MS);
      expect(await tab.over()).toMatchObject({ reason: expect.any(String) });
      expect(await call.over()).toMatchObject({ kind: 'bye' });
      await wait(PERSISTENCE_MS);
      clearInterval(talk);
      expect({
        toTheForger: tab.media.arrived,
        fromTheForger: call.media.heardFrom(tab.media),
      }).toEqual({ toTheForger: 0, fromTheForger: 0 });
      tab.closeMedia();
      await tab.janus.destroy();
    },
    TEST_MS,
  );

  test(
    'new calls succeed, from browsers and from phones',
    async () => {
      for (const caller of CALLERS) {
        const call = await scene.talk(caller);
        await call.talk.endsComplete();
        await end(call);
      }
    },
    TEST_MS,
  );

  test('calls that were up lose not a packet, and hear nobody else', async () => {
    for (const { talk } of bystanders) {
      await talk.endsComplete();
      expect(talk.heardFromOthers()).toBe(0);
    }
  });

  test('the strangers get no reply', () => {
    clearInterval(attack);
    expect(stranger.received).toHaveLength(0);
  });

  test(
    'nothing is left of any call in the end',
    async () => {
      for (const { end } of bystanders) await end();
      await callsAreGone(scene.gateway, scene.rest);
    },
    TEST_MS,
  );
});
