/** The browser's own media: microphone, loudspeaker and PeerConnection of one call. */
import { signal } from '@preact/signals';
import { browserFacts, type LegFacts } from './statistics.ts';

export type MediaState = 'connecting' | 'connected' | 'interrupted' | 'failed';

export interface MediaEvents {
  onCandidate(candidate: RTCIceCandidateInit | null): void;
  onState(state: MediaState): void;
}

/** How loud the microphone is, from 0 to 1; zero while there is no call. */
export const microphoneLevel = signal(0);

/** Below this a voice counts as silence, in decibels of full scale. */
const QUIETEST_DB = -60;

export class BrowserMedia {
  readonly #connection: RTCPeerConnection;
  readonly #microphone: MediaStream;
  readonly #loudspeaker = new Audio();
  readonly #context = new AudioContext();
  #frame = 0;

  private constructor(microphone: MediaStream, events: MediaEvents) {
    this.#microphone = microphone;
    // The gateway is ICE-lite and has every candidate in its SDP: no server is needed to reach it.
    this.#connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    for (const track of microphone.getTracks()) this.#connection.addTrack(track, microphone);
    this.#connection.onicecandidate = ({ candidate }) =>
      events.onCandidate(candidate === null ? null : candidate.toJSON());
    this.#connection.onconnectionstatechange = () => {
      const state = STATES[this.#connection.connectionState];
      if (state !== undefined) events.onState(state);
    };
    this.#connection.ontrack = ({ streams, track }) => {
      this.#loudspeaker.srcObject = streams[0] ?? new MediaStream([track]);
      this.#loudspeaker.play().catch(() => {});
    };
    this.#watchLevel();
  }

  /** Rejects as `getUserMedia` does when there is no microphone to be had. */
  static async open(events: MediaEvents): Promise<BrowserMedia> {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    return new BrowserMedia(microphone, events);
  }

  get isConnected(): boolean {
    return this.#connection.connectionState === 'connected';
  }

  async offer(): Promise<RTCSessionDescriptionInit> {
    await this.#connection.setLocalDescription();
    return describe(this.#connection.localDescription);
  }

  async answer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> {
    await this.#connection.setRemoteDescription(offer);
    await this.#connection.setLocalDescription();
    return describe(this.#connection.localDescription);
  }

  async accept(answer: RTCSessionDescriptionInit): Promise<void> {
    await this.#connection.setRemoteDescription(answer);
  }

  mute(muted: boolean): void {
    for (const track of this.#microphone.getAudioTracks()) track.enabled = !muted;
  }

  /** Sends a digit as the telephone event that SIP phones understand (RFC 4733). */
  sendDigit(digit: string): boolean {
    const sender = this.#connection.getSenders().find(({ dtmf }) => dtmf?.canInsertDTMF);
    sender?.dtmf?.insertDTMF(digit, 160);
    return sender !== undefined;
  }

  async facts(): Promise<LegFacts> {
    const reports: { [name: string]: unknown }[] = [];
    const stats = await this.#connection.getStats();
    stats.forEach((report) => {
      reports.push(report);
    });
    return browserFacts(reports);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    microphoneLevel.value = 0;
    this.#connection.close();
    this.#loudspeaker.srcObject = null;
    for (const track of this.#microphone.getTracks()) track.stop();
    this.#context.close().catch(() => {});
  }

  #watchLevel(): void {
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 1_024;
    this.#context.createMediaStreamSource(this.#microphone).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const look = () => {
      analyser.getFloatTimeDomainData(samples);
      microphoneLevel.value = levelOf(samples);
      this.#frame = requestAnimationFrame(look);
    };
    look();
  }
}

const STATES: { readonly [state in RTCPeerConnectionState]?: MediaState } = {
  connecting: 'connecting',
  connected: 'connected',
  disconnected: 'interrupted',
  failed: 'failed',
};

/** Root mean square on a scale of decibels, from silence to full scale. */
export function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const decibels = 10 * Math.log10(Math.max(power, 1e-12));
  return Math.min(1, Math.max(0, 1 - decibels / QUIETEST_DB));
}

function describe(description: RTCSessionDescription | null): RTCSessionDescriptionInit {
  return { type: description?.type ?? 'offer', sdp: description?.sdp ?? '' };
}
