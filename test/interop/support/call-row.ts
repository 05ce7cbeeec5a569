/** One row of the table of calls between a browser and a phone, made and judged in full. */
import type { Browser } from 'playwright-core';
import { judgeTone, type ToneVerdict } from '../../support/sound/judge.ts';
import { Baresip } from './baresip.ts';
import { Capture, playG711, rtpTo } from './capture.ts';
import { FixturePhone, SAMPLE_RATE } from './fixture-phone.ts';
import type { GatewayUnderTest } from './gateway-under-test.ts';
import { unprotect } from './ready-tone.ts';
import { Sipp } from './sipp.ts';

export interface CallRow {
  /**
   * Apart from all other rows: names and ports are made of it. All ports are below those that the
   * kernel gives to whoever asks for any.
   */
  readonly number: number;
  readonly direction: 'to' | 'from';
  readonly phone: 'SIPp' | 'baresip';
  /** What the browser may use; the phone has `phoneCodec` alone. */
  readonly browserCodec: 'opus' | 'PCMU' | 'PCMA';
  readonly phoneCodec: 'PCMU' | 'PCMA';
  readonly encryption: 'none' | 'sdes';
}

export interface CallScene {
  readonly gateway: GatewayUnderTest;
  readonly browser: Browser;
  /** Where the fixture page is. */
  readonly origin: string;
}

export interface CallOutcome {
  readonly heardByBrowser: ToneVerdict;
  readonly heardByPhone: ToneVerdict;
  /** Codecs that the browser used, sending and receiving. */
  readonly browserCodecs: readonly string[];
}

const JUDGED_SECONDS = 10;
/** Connecting, settling and a jitter buffer's adaptation come before the sound that is judged. */
const LISTENED_SECONDS = 12;
const TONE_SECONDS = 18;

/** Makes the call, listens at both ends, hangs up, and judges. */
export async function makeCall(row: CallRow, scene: CallScene): Promise<CallOutcome> {
  const page = await scene.browser.newPage();
  const tones = tonesOf(row);
  try {
    await page.goto(scene.origin);
    const browser = await FixturePhone.open(page, `row ${row.number}`, {
      server: scene.gateway.webSocketUrl,
      plugin: 'janus.plugin.sip',
      hertz: tones.browser,
      codecs: [row.browserCodec, 'telephone-event'],
    });
    await browser.registerGuest(addressOf(row, scene));
    const call = { row, scene, browser, tones };
    const outcome = row.phone === 'SIPp' ? await callSipp(call) : await callBaresip(call);
    await browser.close();
    return outcome;
  } finally {
    await page.close();
  }
}

interface Call {
  readonly row: CallRow;
  readonly scene: CallScene;
  readonly browser: FixturePhone;
  readonly tones: { readonly browser: number; readonly phone: number };
}

async function callSipp({ row, scene, browser, tones }: Call): Promise<CallOutcome> {
  const { network } = scene.gateway;
  const rtpPort = 32_000 + row.number * 4;
  const capture = await Capture.start(network.interface, `udp port ${rtpPort}`);
  const options = {
    address: network.peerAddress,
    sipPort: sipPortOf(row),
    rtpPort,
    codec: row.phoneCodec,
    encryption: row.encryption,
    hertz: tones.phone,
    seconds: TONE_SECONDS,
  };
  const server = `${network.gatewayAddress}:5060`;
  const phone =
    row.direction === 'to'
      ? await Sipp.answer(options)
      : await Sipp.call(options, addressOf(row, scene), server);
  try {
    await connect(row, browser, phone.uri);
    const heard = await browser.listen(LISTENED_SECONDS);
    const browserCodecs = await codecsOf(browser);
    if (row.direction === 'to') await browser.say({ request: 'hangup' });
    await phone.succeeds();
    await browser.reaches('hangup');
    const packets = rtpTo(await capture.stop(), rtpPort);
    const clear = row.encryption === 'sdes' ? unprotect(packets, await phone.peerKey()) : packets;
    const sound = playG711(clear, row.phoneCodec === 'PCMU' ? 0 : 8);
    return {
      heardByBrowser: judge(heard, SAMPLE_RATE, tones.phone, tones.browser),
      heardByPhone: judge(sound, 8_000, tones.browser, tones.phone),
      browserCodecs,
    };
  } finally {
    await phone.stop();
  }
}

async function callBaresip({ row, scene, browser, tones }: Call): Promise<CallOutcome> {
  const phone = await Baresip.start({
    address: scene.gateway.network.peerAddress,
    sipPort: sipPortOf(row),
    controlPort: 30_000 + row.number,
    rtpPort: 23_000 + row.number * 20,
    user: `phone${row.number}`,
    codecs: [row.phoneCodec],
    encryption: row.encryption,
    hertz: tones.phone,
  });
  let stopped = false;
  try {
    if (row.direction === 'from') phone.dial(addressOf(row, scene));
    await connect(row, browser, phone.uri);
    const heard = await browser.listen(LISTENED_SECONDS);
    const browserCodecs = await codecsOf(browser);
    if (row.direction === 'to') await browser.say({ request: 'hangup' });
    else phone.hangup();
    await phone.reaches('CALL_CLOSED');
    await browser.reaches('hangup');
    stopped = true;
    const sound = await phone.stop();
    return {
      heardByBrowser: judge(heard, SAMPLE_RATE, tones.phone, tones.browser),
      heardByPhone: judge(sound.samples, sound.sampleRate, tones.browser, tones.phone),
      browserCodecs,
    };
  } finally {
    if (!stopped) await phone.stop();
  }
}

async function connect(row: CallRow, browser: FixturePhone, phoneUri: string): Promise<void> {
  if (row.direction === 'to') {
    const srtp = row.encryption === 'sdes' ? { srtp: 'sdes_mandatory' } : {};
    await browser.call({ request: 'call', uri: phoneUri, ...srtp });
  } else {
    await browser.reaches('incomingcall');
    await browser.accept();
  }
  await browser.reaches('accepted');
  await browser.connects();
}

function judge(sound: Float32Array, sampleRate: number, hz: number, otherHz: number): ToneVerdict {
  return judgeTone(sound, sampleRate, { hz, otherHz, seconds: JUDGED_SECONDS });
}

/**
 * Every row has tones of its own, so that sound of another call is noticed too. They keep away from
 * 2 kHz: Chromium's NetEQ looks for pitch in sound of 4 kHz, and breaks the phase of such a tone.
 */
function tonesOf({ number }: CallRow): { readonly browser: number; readonly phone: number } {
  return { browser: 520 + (number % 24) * 20, phone: 1_010 + (number % 24) * 25 };
}

/** Every other port: baresip takes the next one for TLS. */
function sipPortOf({ number }: CallRow): number {
  return 31_000 + number * 2;
}

function addressOf({ number }: CallRow, { gateway }: CallScene): string {
  return `sip:row${number}@${gateway.address}`;
}

async function codecsOf(browser: FixturePhone): Promise<readonly string[]> {
  const reports = await browser.stats();
  return ['outbound-rtp', 'inbound-rtp'].map((type) => {
    const stream = reports.find((report) => report.type === type);
    const codec = reports.find((report) => report.id === stream?.codecId);
    return String(codec?.mimeType).replace('audio/', '');
  });
}
