import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { BROWSERS, launchBrowser } from './support/browsers.ts';
import { eventually } from './support/commands.ts';
import { GatewayUnderTest } from './support/gateway-under-test.ts';
import { SoundDevice } from './support/sound-device.ts';

let sound: SoundDevice;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  sound = await SoundDevice.start();
  gateway = await GatewayUnderTest.start();
}, 60_000);

afterAll(async () => {
  await gateway?.stop();
  await sound?.stop();
}, 30_000);

/** The page as somebody sees it who opens it for the first time. */
async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(gateway.httpsUrl);
  await reads(page, 'Connected to the gateway');
  await reads(page, 'You can be called at');
  return page;
}

/** As it is laid out, line by line, which the text of its nodes is not. */
function textOf(page: Page): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: it is what somebody sees that counts
  return page.locator('body').innerText();
}

async function reads(page: Page, text: string, withinMs = 20_000): Promise<string> {
  const shown = async () => {
    const body = await textOf(page);
    return body.includes(text) ? body : undefined;
  };
  return eventually(`the page says ${text}`, shown, withinMs).catch(async (error: Error) => {
    throw new Error(`${error.message}; it says: ${await textOf(page)}`);
  });
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}

async function addressOf(page: Page): Promise<string> {
  const body = await textOf(page);
  return /You can be called at (\S+)/.exec(body)?.[1] ?? '';
}

async function call(caller: Page, callee: Page): Promise<void> {
  await caller.getByLabel('Call a name, a number or a SIP address').fill(await addressOf(callee));
  await press(caller, 'Call');
  await reads(callee, 'is calling');
  await press(callee, 'Answer');
  for (const page of [caller, callee]) await reads(page, '\nConnected\n');
}

async function callsLeft(): Promise<number> {
  const census = (await gateway.ask('/v1/census')) as {
    readonly signalling: { readonly calls: { readonly calls: number } };
  };
  return census.signalling.calls.calls;
}

describe.each(BROWSERS)('the page in %s', (name) => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser(name, sound.env);
  }, 60_000);

  afterAll(() => browser?.close());

  test('calls the echo and shows how the sound travels', async () => {
    const page = await openPage(browser);
    await press(page, 'Call the echo');
    await reads(page, '\nConnected\n');
    const shown = await reads(page, 'You receive\topus');
    expect(shown).toMatch(/You send\topus\t0\.0 %/);
    await press(page, 'Hang up');
    await reads(page, 'You hung up.');
    await page.close();
  }, 60_000);

  test('calls another page, which answers, and hears when that hangs up', async () => {
    const [caller, callee] = [await openPage(browser), await openPage(browser)];
    await call(caller, callee);
    await press(callee, 'Hang up');
    await reads(caller, 'The call has ended.');
    await caller.close();
    await callee.close();
  }, 90_000);

  test('that declines tells the caller so in plain words', async () => {
    const [caller, callee] = [await openPage(browser), await openPage(browser)];
    await caller.getByLabel('Call a name, a number or a SIP address').fill(await addressOf(callee));
    await press(caller, 'Call');
    await reads(callee, 'is calling');
    await press(callee, 'Decline');
    await reads(caller, 'The line is busy.');
    await caller.close();
    await callee.close();
  }, 90_000);

  test('says in plain words that an address is nobody’s, or not allowed', async () => {
    const page = await openPage(browser);
    const address = page.getByLabel('Call a name, a number or a SIP address');
    await address.fill('nobody');
    await press(page, 'Call');
    await reads(page, 'Nobody has this address.');
    await address.fill('sip:someone@192.0.2.77');
    await press(page, 'Call');
    await reads(page, 'The gateway does not allow this call.');
    await page.close();
  }, 60_000);

  test('that is closed ends its call for the other', async () => {
    const [caller, callee] = [await openPage(browser), await openPage(browser)];
    await call(caller, callee);
    await caller.close();
    await reads(callee, 'The call has ended.', 45_000);
    await callee.close();
    await eventually('no call is left', async () => ((await callsLeft()) === 0 ? true : undefined));
  }, 120_000);
});
