import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { callsAreGone, everythingIsGone } from './support/nothing-left.ts';
import { CALLERS, Scene } from './support/scene.ts';

const RING_SECONDS = 2;
const RECLAIM_SECONDS = 2;
/** Timer B and timer F of RFC 3261: 64 × T1, seen by a loaded machine. */
const TIMER_B_MS = 32_000;
const LATEST_TIMER_B_MS = 45_000;

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open({
    configuration: {
      sip: { port: 35_060, ring_timeout_seconds: RING_SECONDS },
      janus: { reclaim_session_timeout_seconds: RECLAIM_SECONDS },
    },
  });
}, 40_000);

afterAll(async () => {
  await scene?.close();
}, 30_000);

describe('each ending of a call leaves no call, leg, dialog, session or descriptor', () => {
  afterEach(async () => {
    await callsAreGone(scene.gateway, scene.rest);
  });

  test.each(CALLERS)('the browser hangs up a call of the %s', async (caller) => {
    const { tab, call, talk } = await scene.talk(caller);
    talk.stop();
    tab.hangUp();
    expect(await call.over()).toMatchObject({ kind: 'bye' });
    expect(await tab.over()).toMatchObject({ code: 200 });
    await tab.mediaCloses();
    tab.closeMedia();
    await tab.janus.destroy();
  });

  test.each(CALLERS)('the phone hangs up a call of the %s', async (caller) => {
    const { tab, call, talk } = await scene.talk(caller);
    talk.stop();
    call.hangUp();
    expect(await call.over()).toEqual({ kind: 'own' });
    expect(await tab.over()).toMatchObject({ code: 200 });
    await tab.mediaCloses();
    tab.closeMedia();
    await tab.janus.destroy();
  });

  test('the browser cancels while the phone rings', async () => {
    const { tab, call } = await scene.ring('browser');
    tab.hangUp();
    expect(await call.over()).toMatchObject({ kind: 'cancel' });
    expect(await tab.over()).toMatchObject({ code: 487 });
    tab.closeMedia();
    await tab.janus.destroy();
  });

  test('the phone cancels while the browser rings', async () => {
    const { tab, call } = await scene.ring('phone');
    call.cancel();
    expect(await call.over()).toMatchObject({ kind: 'refused', status: 487 });
    expect(await tab.over()).toMatchObject({ code: 487 });
    await tab.janus.destroy();
  });

  test.each([
    [486, 'Busy Here'],
    [404, 'Not Found'],
  ])('the phone refuses with %i', async (status, reason) => {
    const { tab } = await scene.openTab();
    await tab.call(scene.phone.uri);
    (await scene.phone.called()).refuse(status, reason);
    expect(await tab.over()).toMatchObject({ code: status, reason });
    tab.closeMedia();
    await tab.janus.destroy();
  });

  test('the browser declines as busy', async () => {
    const { tab, call } = await scene.ring('phone');
    tab.janus.say({ request: 'decline', code: 486 });
    expect(await call.over()).toMatchObject({ kind: 'refused', status: 486 });
    await tab.over();
    await tab.janus.destroy();
  });

  test('the phone calls somebody whom nobody knows', async () => {
    const call = await scene.phone.call('nobody');
    expect(await call.over()).toMatchObject({ kind: 'refused', status: 404 });
  });

  test('the phone rings and nobody answers', async () => {
    const { tab, call } = await scene.ring('browser');
    expect(await call.over()).toMatchObject({ kind: 'cancel' });
    expect(await tab.over()).toMatchObject({ code: 480 });
    tab.closeMedia();
    await tab.janus.destroy();
  });

  test('the browser rings and nobody answers', async () => {
    const { tab, call } = await scene.ring('phone');
    expect(await call.over()).toMatchObject({ kind: 'refused', status: 480 });
    await tab.over();
    await tab.janus.destroy();
  });

  test.each(CALLERS)('the tab of a call of the %s is closed and never returns', async (caller) => {
    const { tab, call, talk } = await scene.talk(caller);
    talk.stop();
    tab.close();
    expect(await call.over()).toMatchObject({ kind: 'bye' });
  });

  test('the tab is closed while it rings', async () => {
    const { tab, call } = await scene.ring('phone');
    tab.close();
    expect(await call.over()).toMatchObject({ kind: 'refused', status: 480 });
  });

  test('the page says goodbye during a call', async () => {
    const { tab, call, talk } = await scene.talk('browser');
    talk.stop();
    await tab.janus.destroy();
    expect(await call.over()).toMatchObject({ kind: 'bye' });
    tab.closeMedia();
  });

  test.each(['dead', 'still open'])(
    'a session whose WebSocket is %s is claimed, and no packet is missed',
    async (socket) => {
      const { tab, call, talk } = await scene.talk('browser');
      if (socket === 'dead') tab.janus.lose();
      await talk.flows();
      await tab.janus.claim();
      // Longer than the session would have lived unclaimed.
      await talk.flows((RECLAIM_SECONDS + 1) * 50);
      await talk.endsComplete();
      call.hangUp();
      expect(await tab.over()).toMatchObject({ code: 200 });
      tab.closeMedia();
      await tab.janus.destroy();
    },
  );
});

test('a silent phone is given up by timers B and F, and then nothing is left at all', async () => {
  const mute = await scene.openPhone();
  const { tab: talked, talk } = await scene.talk('browser', mute);
  talk.stop();
  mute.isSilent = true;
  talked.hangUp();
  await talked.over();
  const { tab } = await scene.openTab();
  const calledAt = performance.now();
  await tab.call(mute.uri);
  expect(await tab.over(LATEST_TIMER_B_MS)).toMatchObject({ code: 408 });
  expect(performance.now() - calledAt).toBeGreaterThan(TIMER_B_MS - 1_000);
  for (const each of [talked, tab]) {
    each.closeMedia();
    await each.janus.destroy();
  }
  const { signalling } = await everythingIsGone(scene.gateway, scene.rest);
  expect(signalling.calls).toMatchObject({ accounts: 0, bindings: 0 });
}, 120_000);
