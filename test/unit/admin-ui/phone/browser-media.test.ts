/** One call's media in the browser: descriptions, candidates, states, sound, and what is let go. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  BrowserMedia,
  levelOf,
  type MediaState,
  microphoneLevel,
} from '../../../../admin-ui/phone/browser-media.ts';
import { FakeBrowser } from './fake-browser.ts';

let browser: FakeBrowser;
let media: BrowserMedia;
const candidates: unknown[] = [];
const states: MediaState[] = [];

beforeEach(async () => {
  browser = new FakeBrowser();
  browser.install();
  candidates.length = 0;
  states.length = 0;
  media = await BrowserMedia.open({
    onCandidate: (candidate) => candidates.push(candidate),
    onState: (state) => states.push(state),
  });
});

afterEach(() => {
  browser.remove();
});

describe('browser media', () => {
  test('is not opened without a microphone', async () => {
    browser.permission = Promise.reject(new Error('NotAllowedError'));
    const events = { onCandidate() {}, onState() {} };
    await expect(BrowserMedia.open(events)).rejects.toThrow('NotAllowedError');
    expect(browser.connections).toHaveLength(1);
  });

  test('offers the microphone, and takes the answer', async () => {
    expect(browser.connection.tracks).toEqual(browser.microphones[0]?.tracks);
    expect(await media.offer()).toEqual({ type: 'offer', sdp: "the browser's offer" });
    await media.accept({ type: 'answer', sdp: 'v=0' });
    expect(browser.connection.remoteDescription).toEqual({ type: 'answer', sdp: 'v=0' });
  });

  test('answers an offer', async () => {
    const answer = await media.answer({ type: 'offer', sdp: 'v=0' });
    expect(browser.connection.remoteDescription).toEqual({ type: 'offer', sdp: 'v=0' });
    expect(answer).toEqual({ type: 'answer', sdp: "the browser's answer" });
  });

  test('gives candidates as they stand in JSON, and then their end', () => {
    const json = { candidate: 'candidate:1', sdpMid: '0' };
    browser.connection.onicecandidate({ candidate: { toJSON: () => json } });
    browser.connection.onicecandidate({ candidate: null });
    expect(candidates).toEqual([json, null]);
  });

  test('tells of what matters to the call, and not of the rest', () => {
    for (const state of ['new', 'connecting', 'connected', 'disconnected', 'failed'] as const) {
      browser.connection.becomes(state);
      expect(media.isConnected).toBe(state === 'connected');
    }
    expect(states).toEqual(['connecting', 'connected', 'interrupted', 'failed']);
  });

  test('plays what the other side sends, with a stream or without', () => {
    const stream = {};
    browser.connection.ontrack({ streams: [stream], track: {} });
    expect(browser.loudspeakers[0]?.srcObject).toBe(stream);
    const track = {};
    browser.connection.ontrack({ streams: [], track });
    expect(browser.loudspeakers[0]?.srcObject).toMatchObject({ tracks: [track] });
  });

  test('is mute while it is muted', () => {
    const [track] = browser.microphones[0]?.tracks ?? [];
    media.mute(true);
    expect(track?.enabled).toBe(false);
    media.mute(false);
    expect(track?.enabled).toBe(true);
  });

  test('sends digits where telephone events were agreed, and says if not', () => {
    expect(media.sendDigit('5')).toBe(true);
    expect(browser.connection.digits).toEqual(['5']);
    browser.connection.canSendDigits = false;
    expect(media.sendDigit('6')).toBe(false);
    expect(browser.connection.digits).toEqual(['5']);
  });

  test('measures by the statistics of its connection', async () => {
    browser.connection.reports = [{ type: 'outbound-rtp', kind: 'audio', packetsSent: 50 }];
    expect(await media.facts()).toMatchObject({ sent: { packets: 50 } });
  });

  test('lets go of microphone, loudspeaker and connection when it is closed', () => {
    browser.connection.ontrack({ streams: [{}], track: {} });
    expect(microphoneLevel.value).toBe(1);
    media.close();
    expect(browser.openMicrophones).toBe(0);
    expect(browser.loudspeakers[0]?.srcObject).toBeNull();
    expect(browser.connection.connectionState).toBe('closed');
    expect(browser.contexts[0]?.closed).toBe(true);
    expect(microphoneLevel.value).toBe(0);
  });
});

describe('the level of the microphone', () => {
  test.each([
    ['silence', 0, 0],
    ['full scale', 1, 1],
    ['30 dB below full scale', 10 ** (-30 / 20), 0.5],
    ['what is quieter than a voice', 10 ** (-70 / 20), 0],
  ])('is right for %s', (_, sample, level) => {
    expect(levelOf(new Float32Array(1_024).fill(sample))).toBeCloseTo(level, 5);
  });
});
