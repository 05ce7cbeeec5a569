import { expect, test } from '@jest/globals';
import type { Jsep } from '../../../../../../gateway/janus/jsep.ts';
import {
  type InCallRequest,
  isInCallRequest,
  readInCallRequest,
} from '../../../../../../gateway/janus/plugins/sip/in-call-requests.ts';

const PEER = { address: '127.0.0.1', loopback: true, secure: false };

function read(request: InCallRequest, body = {}, jsep?: Jsep) {
  return readInCallRequest(request, { transaction: 't', body, jsep, peer: PEER });
}

test.each([
  ['hold', {}, undefined, 'holding', { type: 'hold', direction: 'sendonly' }],
  ['unhold', {}, undefined, 'resuming', { type: 'resume' }],
  [
    'dtmf_info',
    { digit: '#' },
    undefined,
    'dtmfsent',
    { type: 'dtmf', digit: '#', durationMs: 160 },
  ],
  ['update', {}, { type: 'offer', sdp: 'v=0' }, 'updating', { type: 'reoffered', sdp: 'v=0' }],
  ['update', {}, { type: 'answer', sdp: 'v=0' }, 'updated', { type: 'reanswered', sdp: 'v=0' }],
] as const)('%s %j is confirmed and told', (request, body, jsep, confirmation, event) => {
  expect(read(request, body, jsep)).toEqual({ ok: true, confirmation, event });
});

test('what cannot be read is refused', () => {
  expect(read('update')).toMatchObject({ ok: false, refusal: { error: 'missingSdp' } });
  expect(read('hold', { direction: 1 })).toMatchObject({ refusal: { error: 'invalidElement' } });
});

test('other requests are not about a call that is up', () => {
  expect(['call', 'toString', 'hold'].map(isInCallRequest)).toEqual([false, false, true]);
});
