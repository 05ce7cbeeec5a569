import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { judgeTone } from '../support/sound/judge.ts';
import { BROWSERS, type BrowserName, launchBrowser } from './support/browsers.ts';
import { type CallOutcome, type CallRow, makeCall } from './support/call-row.ts';
import { FixturePhone, SAMPLE_RATE } from './support/fixture-phone.ts';
import { FixtureServer } from './support/fixture-server.ts';
import { GatewayUnderTest } from './support/gateway-under-test.ts';
import { workThrough } from './support/pool.ts';
import { SoundDevice } from './support/sound-device.ts';

const CODECS = [
  ['PCMU', 'PCMU'],
  ['opus', 'PCMU'],
  ['opus', 'PCMA'],
] as const;

/** Calls at once in each browser. */
const CALLS_AT_ONCE = 3;
/**
 * How often a call is repeated, alone, whose sound was disturbed: a virtual machine may have both
 * cores taken away for tens of milliseconds, and a browser's own sound breaks then.
 */
const CALLS_AGAIN = 4;
const ROW_TIMEOUT_MS = 500_000;

function rowsOf(browser: BrowserName): readonly CallRow[] {
  const rows: CallRow[] = [];
  for (const direction of ['to', 'from'] as const) {
    for (const phone of ['SIPp', 'baresip'] as const) {
      for (const [browserCodec, phoneCodec] of CODECS) {
        for (const encryption of ['none', 'sdes'] as const) {
          const number = rows.length + (browser === 'chromium' ? 0 : 24);
          rows.push({ number, direction, phone, browserCodec, phoneCodec, encryption });
        }
      }
    }
  }
  return rows;
}

function titleOf(row: CallRow): string {
  const media = `${row.browserCodec} at the browser, ${row.phoneCodec} at the phone`;
  const encryption = row.encryption === 'sdes' ? 'with SDES' : 'in clear';
  return `a call ${row.direction} ${row.phone}, ${media}, ${encryption}, sounds well at both ends`;
}

function isClean(outcome: CallOutcome | undefined): boolean {
  if (outcome === undefined) return false;
  const { heardByBrowser, heardByPhone } = outcome;
  return heardByBrowser.problems.length + heardByPhone.problems.length === 0;
}

let sound: SoundDevice;
let fixtures: FixtureServer;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  sound = await SoundDevice.start();
  fixtures = await FixtureServer.start();
  gateway = await GatewayUnderTest.start((network) => ({
    configuration: {
      http: { allowed_origins: [fixtures.origin] },
      trunks: [
        {
          name: 'phones',
          targets: [`sip:${network.peerAddress}`],
          match_sources: [`${network.peerAddress}/32`],
        },
      ],
      routes: [
        {
          from: 'api',
          called_domain: network.peerAddress.replaceAll('.', '\\.'),
          to: { as_dialled: true },
        },
      ],
    },
  }));
}, 60_000);

afterAll(async () => {
  await gateway?.stop();
  await fixtures?.stop();
  await sound?.stop();
}, 30_000);

describe.each(BROWSERS)('%s with the unmodified Janus client library', (name) => {
  const rows = rowsOf(name);
  let browser: Browser;
  let outcomes: readonly Promise<CallOutcome>[] = [];

  beforeAll(async () => {
    browser = await launchBrowser(name, sound.env);
  }, 60_000);

  afterAll(async () => {
    await Promise.allSettled(outcomes);
    await browser?.close();
  }, ROW_TIMEOUT_MS);

  test.each(['WebSocket', 'REST'])(
    'hears its own tone from the echo test over %s',
    async (transport) => {
      const page = await browser.newPage();
      await page.goto(fixtures.origin);
      const phone = await FixturePhone.open(page, 'echo', {
        server: transport === 'REST' ? gateway.restUrl : gateway.webSocketUrl,
        plugin: 'janus.plugin.echotest',
        hertz: 700,
      });
      await phone.call({ audio: true });
      await phone.connects();
      const heard = await phone.listen(12);
      const verdict = judgeTone(heard, SAMPLE_RATE, { hz: 700, otherHz: 1_100, seconds: 10 });
      expect(verdict).toMatchObject({ problems: [] });
      expect(await phone.story()).toEqual(expect.arrayContaining(['ok', 'mediaState']));
      await phone.close();
      await page.close();
    },
    40_000,
  );

  describe('makes and takes calls', () => {
    beforeAll(() => {
      const scene = { gateway, browser, origin: fixtures.origin };
      outcomes = workThrough(rows, CALLS_AT_ONCE, (row) => makeCall(row, scene));
    });

    /** A machine that is busy elsewhere disturbs sound: such a call is made again, alone. */
    async function settled(row: CallRow, index: number): Promise<CallOutcome | undefined> {
      let outcome = await outcomes[index];
      for (let again = 0; again < CALLS_AGAIN && !isClean(outcome); again += 1) {
        await Promise.allSettled(outcomes);
        outcome = await makeCall(row, { gateway, browser, origin: fixtures.origin });
      }
      return outcome;
    }

    test.each(rows.map((row, index) => [titleOf(row), row, index] as const))(
      '%s',
      async (_, row, index) => {
        const outcome = await settled(row, index);
        expect(outcome).toMatchObject({
          heardByBrowser: { problems: [] },
          heardByPhone: { problems: [] },
          browserCodecs: [row.browserCodec, row.browserCodec],
        });
      },
      ROW_TIMEOUT_MS,
    );
  });
});
