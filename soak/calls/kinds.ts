/**
 * The kinds of calls that a soak is made of: both directions, relayed and transcoded, every ending.
 */
import {
  CALLERS,
  type Caller,
  type CallOptions,
  type Scene,
} from '../../test/interop/endings/support/scene.ts';
import { eventually } from '../../test/interop/support/commands.ts';
import type { NumberedMedia } from '../../test/support/attack/numbered-media.ts';
import type { BrowserTab } from '../../test/support/parties/browser-tab.ts';
import type { PhoneCall } from '../../test/support/parties/sip-phone.ts';

/** Makes one call and ends it; rejects when it does not go as it should. */
export type CallKind = (scene: Scene) => Promise<void>;

type Connected = (scene: Scene, ends: { tab: BrowserTab; call: PhoneCall }) => Promise<void>;

/** Packets that each end must hear before a call may end. */
const FLOWING = 5;

export const CALL_KINDS: { readonly [name: string]: CallKind } = {
  ...Object.fromEntries(CALLERS.flatMap(talkingKinds)),
  'the phone is busy': (scene) => refused(scene, 486, 'Busy Here'),
  'the phone knows nobody of that name': (scene) => refused(scene, 404, 'Not Found'),
  'the browser cancels': async (scene) => {
    const { tab, call } = await scene.ring('browser');
    tab.hangUp();
    await Promise.all([call.over(), tab.over()]);
    await leave(tab);
  },
  'the phone cancels': async (scene) => {
    const { tab, call } = await scene.ring('phone');
    call.cancel();
    await Promise.all([call.over(), tab.over()]);
    await leave(tab);
  },
  'the browser declines': async (scene) => {
    const { tab, call } = await scene.ring('phone');
    tab.janus.say({ request: 'decline', code: 486 });
    await Promise.all([call.over(), tab.over()]);
    await leave(tab);
  },
  'the phone hears its echo': async (scene) => {
    const call = await scene.phone.call('echo');
    await call.answered;
    call.media.start();
    await hears([call.media]);
    call.hangUp();
    await call.over();
  },
};

function talkingKinds(caller: Caller): readonly (readonly [string, CallKind])[] {
  const kind = (name: string, end: Connected, options?: CallOptions) => {
    return [`${caller} calls, ${name}`, talking(caller, end, options)] as const;
  };
  return [
    kind('browser hangs up', browserHangsUp),
    kind('phone hangs up', phoneHangsUp),
    kind('opus, browser hangs up', browserHangsUp, { codec: 'opus' }),
    kind('opus, phone hangs up', phoneHangsUp, { codec: 'opus' }),
    kind('tab is closed', async (_, { tab, call }) => {
      tab.close();
      await call.over();
    }),
    kind('session is claimed', async (scene, ends) => {
      ends.tab.janus.lose();
      await ends.tab.janus.claim();
      await phoneHangsUp(scene, ends);
    }),
  ];
}

function talking(caller: Caller, end: Connected, options?: CallOptions): CallKind {
  return async (scene) => {
    const ends = await scene.connect(caller, options);
    const media = [ends.tab.media, ends.call.media];
    for (const each of media) each.start();
    await hears(media);
    await end(scene, ends);
  };
}

async function browserHangsUp(_: Scene, { tab, call }: { tab: BrowserTab; call: PhoneCall }) {
  tab.hangUp();
  await Promise.all([call.over(), tab.over()]);
  await leave(tab);
}

async function phoneHangsUp(_: Scene, { tab, call }: { tab: BrowserTab; call: PhoneCall }) {
  call.hangUp();
  await Promise.all([call.over(), tab.over()]);
  await leave(tab);
}

async function refused(scene: Scene, status: number, reason: string): Promise<void> {
  const { tab } = await scene.openTab();
  await tab.call(scene.phone.uri);
  const call = await scene.phone.called();
  call.refuse(status, reason);
  await tab.over();
  await leave(tab);
}

async function hears(ends: readonly NumberedMedia[]): Promise<void> {
  await eventually(
    'sound flows',
    () => ends.every(({ arrived }) => arrived >= FLOWING) || undefined,
  );
}

async function leave(tab: BrowserTab): Promise<void> {
  tab.closeMedia();
  await tab.janus.destroy();
}
