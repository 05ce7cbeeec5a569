/** A phone in the fixture page of a real browser, driven from a test. */
import type { Page } from 'playwright-core';
import { eventually } from './commands.ts';

export interface FixtureOptions {
  /** `ws://…` or `http://…`, as the client library takes it. */
  readonly server: string;
  readonly plugin: string;
  /** The tone that the phone sends. */
  readonly hertz: number;
  /** The only codecs that it offers. */
  readonly codecs?: readonly string[];
  readonly debug?: boolean | 'all';
}

export interface FixtureEvent {
  readonly core?: string;
  // biome-ignore lint/suspicious/noExplicitAny: plugin messages are what a test looks into
  readonly plugin?: any;
  readonly jsep?: string;
  readonly [name: string]: unknown;
}

export const SAMPLE_RATE = 48_000;
/** How long a browser takes to fill its buffer to the depth that the fixture asks for. */
const BUFFER_SETTLES_MS = 2_000;

export class FixturePhone {
  readonly #page: Page;
  readonly #name: string;

  private constructor(page: Page, name: string) {
    this.#page = page;
    this.#name = name;
  }

  static async open(page: Page, name: string, options: FixtureOptions): Promise<FixturePhone> {
    await page.waitForFunction('window.fixtureReady === true');
    const phone = new FixturePhone(page, name);
    await phone.#do('open', options);
    return phone;
  }

  /** Registers as a guest under an address, so that it can call and be called. */
  async registerGuest(username: string): Promise<void> {
    await this.say({ request: 'register', type: 'guest', username });
    await this.reaches('registered');
  }

  /** Makes an offer and sends it with a request. */
  async call(body: object): Promise<void> {
    await this.#do('call', body);
  }

  async accept(): Promise<void> {
    await this.#do('accept');
  }

  async say(body: object): Promise<void> {
    await this.#do('say', body);
  }

  async hangup(): Promise<void> {
    await this.#do('hangup');
  }

  async events(): Promise<readonly FixtureEvent[]> {
    return this.#do('events') as Promise<readonly FixtureEvent[]>;
  }

  async story(): Promise<readonly string[]> {
    return this.#do('story') as Promise<readonly string[]>;
  }

  async stats(): Promise<readonly { readonly [name: string]: unknown }[]> {
    return this.#do('stats') as Promise<readonly { readonly [name: string]: unknown }[]>;
  }

  /** Resolves once an event of that name has come. */
  async reaches(event: string, withinMs = 20_000): Promise<void> {
    await eventually(
      `${this.#name} hears ${event}`,
      async () => ((await this.story()).includes(event) ? true : undefined),
      withinMs,
    ).catch(async (error: Error) => {
      throw new Error(`${error.message}; events: ${JSON.stringify(await this.events())}`);
    });
  }

  async connects(withinMs = 20_000): Promise<void> {
    await this.reaches('webrtcState', withinMs);
  }

  /** Records what arrives for so long and gives it as samples from −1 to 1. */
  async listen(seconds: number): Promise<Float32Array> {
    await this.#page.waitForTimeout(BUFFER_SETTLES_MS);
    await this.#do('listen');
    await this.#page.waitForTimeout(seconds * 1_000);
    const text = (await this.#do('heard')) as string | undefined;
    const bytes = Buffer.from(text ?? '', 'base64');
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
    return Float32Array.from(samples, (sample) => sample / 32_768);
  }

  async close(): Promise<void> {
    await this.#do('close');
  }

  async #do(action: string, argument?: unknown): Promise<unknown> {
    return this.#page.evaluate(
      ([name, what, given]) => {
        // biome-ignore lint/suspicious/noExplicitAny: the fixture page puts it there
        const { fixture } = globalThis as any;
        return fixture[what as string](name, given);
      },
      [this.#name, action, argument] as const,
    );
  }
}
