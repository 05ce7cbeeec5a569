import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { callsAreGone, everythingIsGone } from './support/nothing-left.ts';
import { CALLERS, Scene } from './support/scene.ts';

const RECLAIM_SECONDS = 2;
const RING_SECONDS = 2;
/** Timer B and timer F of RFC 3261: 64 × T1, seen by a loaded machine. */
const TIMER_B_MS = 32_000;
const LATEST_TIMER_B_MS = 45_000;
/** A process takes longer to start than these packets to be heard. */
const FEWEST_WHILE_AWAY = 10;

/** A gateway that waits for lost clients, and for phones that ring. */
let patient: Scene;
/** One that waits for neither. */
let hasty: Scene;

beforeAll(async () => {
  const reclaim = (seconds: number) => ({ janus: { reclaim_session_timeout_seconds: seconds } });
  patient = await Scene.open({ configuration: reclaim(RECLAIM_SECONDS) });
  hasty = await Scene.open({
    configuration: {
      ...reclaim(0),
      sip: { port: patient.gateway.sip.port, ring_timeout_seconds: RING_SECONDS },
    },
  });
}, 60_000);

afterAll(async () => {
  await patient?.close();
  await hasty?.close();
}, 40_000);

describe('each ending of a call leaves no call, leg, dialog, session or descriptor', () => {
  afterEach(async () => {
    await callsAreGone(patient.gateway, patient.rest);
  });

  test.each(CALLERS)('the browser hangs up a call of the %s', async (caller) => {
    const { tab, call, talk } = await patient.talk(caller);
    talk.stop();
    tab.hangUp();
    expect(await call.over()).toMatchObject({ kind: 'bye' });
    expect(await tab.over()).toMatchObject({ code: 200 });
    await tab.mediaCloses();
    tab.closeMedia();
    await tab.janus.destroy();
  });

  test.each(CALLERS)('the phone hangs up a call of the %s', async (caller) => {
    const { tab, call, talk } = await patient.talk(caller);
    talk.stop();
    call.hangUp();
    expect(await call.over()).toEqual({ kind: 'own' });
    expect(await tab.over()).toMatchObject({ code: 200 });
    await tab.mediaCloses();
    tab.closeMedia();
    await tab.janus.destroy();
  });

  test('the browser cancels while the phone rings', async () => {
    const { tab, call } = await patient.ring('browser');
    tab.hangUp();
    expect(await call.over()).toMatchObject({ kind: 'cancel' });
    expect(await tab.over()).toMatchObject({ code: 487 });
    tab.closeMedia();
    await tab.janus.destroy();
  });

  test('the phone cancels while the browser rings', async () => {
    const { tab, call } = await patient.ring('phone');
    call.cancel();
    expect(await call.over()).toMatchObject({ kind: 'refused', status: 487 });
    expect(await tab.over()).toMatchObject({ code: 487 });
    await tab.janus.destroy();
  });

  test.each([
    [486, 'Busy Here'],
    [404, 'Not Found'],
  ])('the phone refuses with %i', async (status, reason) => {
    const { tab } = await patient.openTab();
    await tab.call(patient.phone.uri);
    (await patient.phone.called()).refuse(status, reason);
    expect(await tab.over()).toMatchObject({ code: status, reason });
    tab.closeMedia();
    await tab.janus.destroy();
  });

  test('the browser declines as busy', async () => {
    const { tab, call } = await patient.ring('phone');
    tab.janus.say({ request: 'decline', code: 486 });
    expect(await call.over()).toMatchObject({ kind: 'refused', status: 486 });
    await tab.over();
    await tab.janus.destroy();
  });

  test('the phone calls somebody whom nobody knows', async () => {
    const call = await patient.phone.call('nobody');
    expect(await call.over()).toMatchObject({ kind: 'refused', status: 404 });
  });

  test.each(CALLERS)('the tab of a call of the %s is closed and never returns', async (caller) => {
    const { tab, call, talk } = await patient.talk(caller);
    talk.stop();
    tab.close();
    expect(await call.over()).toMatchObject({ kind: 'bye' });
  });

  test('the tab is closed while it rings', async () => {
    const { tab, call } = await patient.ring('phone');
    tab.close();
    expect(await call.over()).toMatchObject({ kind: 'refused', status: 480 });
  });

  test('the page says goodbye during a call', async () => {
    const { tab, call, talk } = await patient.talk('browser');
    talk.stop();
    await tab.janus.destroy();
    expect(await call.over()).toMatchObject({ kind: 'bye' });
    tab.closeMedia();
  });

  test.each(['dead', 'still open'])(
    'a session whose WebSocket is %s is claimed, and no packet is missed',
    async (socket) => {
      const { tab, call, talk } = await patient.talk('browser');
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

describe('each ending by somebody who is not there leaves no call and no descriptor', () => {
  afterEach(async () => {
    await callsAreGone(hasty.gateway, hasty.rest);
  });

  test('the phone rings and nobody answers', async () => {
    const { tab, call } = await hasty.ring('browser');
    expect(await call.over()).toMatchObject({ kind: 'cancel' });
    expect(await tab.over()).toMatchObject({ code: 480 });
    tab.closeMedia();
    await tab.janus.destroy();
  });

  test('the browser rings and nobody answers', async () => {
    const { tab, call } = await hasty.ring('phone');
    expect(await call.over()).toMatchObject({ kind: 'refused', status: 480 });
    await tab.over();
    await tab.janus.destroy();
  });

  test.each(CALLERS)(
    'the tab of a call of the %s is closed where sessions cannot be claimed',
    async (caller) => {
      const { tab, call, talk } = await hasty.talk(caller);
      talk.stop();
      tab.janus.lose();
      expect(await call.over()).toMatchObject({ kind: 'bye' });
      await tab.mediaCloses();
      tab.closeMedia();
    },
  );
});

describe('a killed media process', () => {
  test('ends its call on both sides with a stated cause, and the next one serves', async () => {
    const { tab, call, talk } = await hasty.talk('browser');
    const killed = await hasty.gateway.kill('media-m0');
    expect(await call.over()).toEqual({
      kind: 'bye',
      reason: expect.stringContaining('media process lost'),
    });
    expect(await tab.over()).toMatchObject({ code: 200, cause: 'media process lost' });
    talk.stop();
    tab.closeMedia();
    await tab.janus.destroy();
    await hasty.gateway.restarted('media-m0', killed);
    await callsAreGone(hasty.gateway, hasty.rest);
    await makeCall();
  }, 60_000);
});

describe('killed signalling', () => {
  test('interrupts no sound, and ends both sides of the call once it is back', async () => {
    const { gateway } = hasty;
    const { tab, call, talk } = await hasty.talk('browser');
    const media = await gateway.pidOf('media-m0');
    const before = talk.heard();
    const killed = await gateway.kill('signalling');
    await tab.janus.closes();
    expect(await call.over()).toEqual({
      kind: 'bye',
      reason: expect.stringContaining('signalling restarted'),
    });
    await tab.mediaCloses();
    talk.stop();
    expect(talk.gaps()).toBe(0);
    for (const [end, heard] of talk.heard().entries()) {
      expect(heard - before[end]!).toBeGreaterThan(FEWEST_WHILE_AWAY);
    }
    tab.close();
    await gateway.restarted('signalling', killed);
    await callsAreGone(gateway, hasty.rest);
    expect(await gateway.pidOf('media-m0')).toBe(media);
    await makeCall();
  }, 60_000);

  test('leaves no media session of a call that nobody had answered', async () => {
    const { gateway } = hasty;
    const { tab } = await hasty.ring('browser');
    const killed = await gateway.kill('signalling');
    await tab.janus.closes();
    tab.close();
    await gateway.restarted('signalling', killed);
    await callsAreGone(gateway, hasty.rest);
  }, 60_000);
});

test('a silent phone is given up by timers B and F, and no timer is left', async () => {
  const mute = await patient.openPhone();
  const { tab: talked, talk } = await patient.talk('browser', { phone: mute });
  talk.stop();
  mute.isSilent = true;
  talked.hangUp();
  await talked.over();
  const { tab } = await patient.openTab();
  const calledAt = performance.now();
  await tab.call(mute.uri);
  expect(await tab.over(LATEST_TIMER_B_MS)).toMatchObject({ code: 408 });
  expect(performance.now() - calledAt).toBeGreaterThan(TIMER_B_MS - 1_000);
  for (const each of [talked, tab]) {
    each.closeMedia();
    await each.janus.destroy();
  }
  // By now the other gateway's ports have drained as well.
  for (const { gateway, rest } of [patient, hasty]) {
    const { signalling } = await everythingIsGone(gateway, rest);
    expect(signalling.calls).toMatchObject({ accounts: 0, bindings: 0 });
  }
}, 120_000);

/** One more call, to see that it works. */
async function makeCall(): Promise<void> {
  const { tab, call, talk } = await hasty.talk('phone');
  await talk.endsComplete();
  call.hangUp();
  await tab.over();
  tab.closeMedia();
  await tab.janus.destroy();
  await callsAreGone(hasty.gateway, hasty.rest);
}
