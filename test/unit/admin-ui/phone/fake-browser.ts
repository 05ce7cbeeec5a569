/** What the phone uses of a browser, without one: a microphone, connections, sound, a store. */

class FakeTrack {
  readonly kind = 'audio';
  enabled = true;
  stopped = false;

  stop(): void {
    this.stopped = true;
  }
}

class FakeStream {
  readonly tracks: readonly FakeTrack[];

  constructor(tracks: readonly FakeTrack[]) {
    this.tracks = tracks;
  }

  getTracks(): readonly FakeTrack[] {
    return this.tracks;
  }

  getAudioTracks(): readonly FakeTrack[] {
    return this.tracks;
  }
}

export class FakeConnection {
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  onicecandidate: (event: { candidate: { toJSON(): object } | null }) => void = () => {};
  onconnectionstatechange: () => void = () => {};
  ontrack: (event: { streams: object[]; track: object }) => void = () => {};
  readonly tracks: object[] = [];
  readonly digits: string[] = [];
  canSendDigits = true;
  reports: { readonly [name: string]: unknown }[] = [];

  addTrack(track: object): void {
    this.tracks.push(track);
  }

  getSenders(): object[] {
    const insertDTMF = (digit: string) => this.digits.push(digit);
    return [{ dtmf: null }, { dtmf: { canInsertDTMF: this.canSendDigits, insertDTMF } }];
  }

  async setLocalDescription(): Promise<void> {
    const type = this.remoteDescription?.type === 'offer' ? 'answer' : 'offer';
    this.localDescription = { type, sdp: `the browser's ${type}` };
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    if (description.sdp === 'unusable') throw new Error('unusable');
    this.remoteDescription = description;
  }

  async getStats(): Promise<Map<number, object>> {
    return new Map(this.reports.entries());
  }

  close(): void {
    this.connectionState = 'closed';
  }

  becomes(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange();
  }
}

interface FakeOscillator {
  readonly frequency: { value: number };
  stopsAt: number;
}

export class FakeAudioContext {
  currentTime = 0;
  closed = false;
  readonly destination = {};
  readonly oscillators: FakeOscillator[] = [];

  createGain(): object {
    return { gain: { value: 1 }, connect() {} };
  }

  createOscillator(): object {
    const oscillator = {
      frequency: { value: 0 },
      stopsAt: 0,
      connect() {},
      start() {},
      stop(at: number) {
        this.stopsAt = at;
      },
    };
    this.oscillators.push(oscillator);
    return oscillator;
  }

  createAnalyser(): object {
    return { fftSize: 0, getFloatTimeDomainData: (samples: Float32Array) => samples.fill(1) };
  }

  createMediaStreamSource(): object {
    return { connect() {} };
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

class FakeAudio {
  srcObject: object | null = null;

  async play(): Promise<void> {}
}

/** Stands in for the globals of a page from `install` to `remove`. */
export class FakeBrowser {
  readonly connections: FakeConnection[] = [];
  readonly contexts: FakeAudioContext[] = [];
  readonly loudspeakers: FakeAudio[] = [];
  readonly microphones: FakeStream[] = [];
  readonly stored = new Map<string, string>();
  /** What becomes of asking for the microphone, after it was asked. */
  permission: Promise<void> = Promise.resolve();
  readonly #listeners = new Map<string, () => void>();
  readonly #replaced = new Map<string, PropertyDescriptor | undefined>();

  get connection(): FakeConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error('the page made no connection');
    return connection;
  }

  /** Every microphone that the page has got and not given back. */
  get openMicrophones(): number {
    return this.microphones.filter(({ tracks }) => tracks.some(({ stopped }) => !stopped)).length;
  }

  install(): void {
    this.#replace('isSecureContext', true);
    this.#replace('navigator', { mediaDevices: { getUserMedia: () => this.#getUserMedia() } });
    this.#replace('RTCPeerConnection', this.#noted(FakeConnection, this.connections));
    this.#replace('AudioContext', this.#noted(FakeAudioContext, this.contexts));
    this.#replace('Audio', this.#noted(FakeAudio, this.loudspeakers));
    this.#replace('MediaStream', FakeStream);
    this.#replace('requestAnimationFrame', () => 1);
    this.#replace('cancelAnimationFrame', () => {});
    this.#replace('addEventListener', (type: string, listener: () => void) => {
      this.#listeners.set(type, listener);
    });
    this.#replace('localStorage', {
      getItem: (name: string) => this.stored.get(name) ?? null,
      setItem: (name: string, value: string) => this.stored.set(name, value),
    });
  }

  /** The person closes the page, or goes elsewhere. */
  leavePage(): void {
    this.#listeners.get('pagehide')?.();
  }

  remove(): void {
    for (const [name, descriptor] of this.#replaced) {
      Reflect.deleteProperty(globalThis, name);
      if (descriptor !== undefined) Object.defineProperty(globalThis, name, descriptor);
    }
    this.#replaced.clear();
  }

  async #getUserMedia(): Promise<FakeStream> {
    await this.permission;
    const stream = new FakeStream([new FakeTrack()]);
    this.microphones.push(stream);
    return stream;
  }

  /** A constructor of what is kept in `made`. */
  #noted<T extends object>(kind: new () => T, made: T[]): unknown {
    return function make() {
      const one = new kind();
      made.push(one);
      return one;
    };
  }

  #replace(name: string, value: unknown): void {
    this.#replaced.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
