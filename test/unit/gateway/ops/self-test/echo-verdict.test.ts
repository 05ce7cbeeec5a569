import { expect, test } from '@jest/globals';
import { succeed } from '../../../../../gateway/core/result.ts';
import {
  type EchoFacts,
  type EchoFaultCode,
  failEcho,
} from '../../../../../gateway/ops/self-test/echo-outcome.ts';
import { judgeEcho } from '../../../../../gateway/ops/self-test/echo-verdict.ts';

const GOOD: EchoFacts = {
  setUpMs: 120.4,
  codec: 'opus/48000/2',
  sent: 150,
  returned: 150,
  roundTripsMs: [30, 1, 2],
};

test.each<[string, Partial<EchoFacts>, string]>([
  ['everything that came back soon', {}, 'good'],
  ['one packet in a hundred and fifty that did not', { returned: 149 }, 'good'],
  ['three that did not', { returned: 147 }, 'warning'],
  ['a set-up of seconds', { setUpMs: 2_001 }, 'warning'],
  ['a long way round', { roundTripsMs: [101] }, 'warning'],
])('%s is told so', (_, change, verdict) => {
  expect(judgeEcho(succeed({ ...GOOD, ...change })).verdict).toBe(verdict);
});

test('the figures are told in words', () => {
  expect(judgeEcho(succeed({ ...GOOD, returned: 147 })).detail).toBe(
    'set up in 120 ms, opus/48000/2 both ways, 2.0 % of 150 packets lost, round trip 2.0 ms',
  );
});

test.each<[EchoFaultCode, string]>([
  ['echo.no-websocket', 'no WebSocket to the gateway: why'],
  ['echo.silent', 'the Janus API does not answer: why'],
  ['echo.refused', 'the Janus API refuses the call: why'],
  ['echo.no-answer', 'the echo gives no answer to the offer: why'],
  ['echo.ice-failed', 'ICE does not connect to why: does a firewall hold the WebRTC port?'],
  ['echo.dtls-failed', 'ICE connects to why, but DTLS does not'],
  ['echo.no-sound', 'connected, but no sound comes back: why'],
  ['echo.cut-short', 'the test call did not come to an end: why'],
])('%s is bad, and is told in plain words', (code, detail) => {
  expect(judgeEcho(failEcho(code, 'why'))).toEqual({ verdict: 'bad', detail });
});

test('a client that is not installed is no fault of the gateway, and how to add it is told', () => {
  const { verdict, detail } = judgeEcho(failEcho('echo.not-installed', 'werift'));
  expect(verdict).toBe('warning');
  expect(detail).toContain('werift is not installed');
  expect(detail).toContain('npm install --include=optional');
});
