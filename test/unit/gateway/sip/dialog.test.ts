import { describe, expect, test } from '@jest/globals';
import {
  ackInDialog,
  dialogFromRequest,
  dialogIdOf,
  refreshTarget,
  requestInDialog,
  sequenceOf,
} from '../../../../gateway/sip/dialog.ts';
import { flowBetween } from '../../../sim/sip/sip-network.ts';
import { request } from './requests.ts';

const flow = flowBetween('192.0.2.2', '192.0.2.1', 'udp');

function dialog(headers: readonly string[] = [], from = flow) {
  return dialogFromRequest(request({ headers }), from, 'ours', 'leg');
}

describe('the callee\u2019s dialog (RFC 3261 §12.1.1)', () => {
  test('has tags, target and route set of the INVITE', () => {
    expect(dialog(['Record-Route: <sip:p1;lr>, <sip:p2;lr>'])).toMatchObject({
      id: 'call|ours|a',
      remoteTarget: 'sip:alice@192.0.2.1',
      routes: ['<sip:p1;lr>', '<sip:p2;lr>'],
      remoteSeq: 1,
      local: '<sip:bob@192.0.2.2>;tag=ours',
    });
  });

  test('is found again by a request with its tags', () => {
    expect(dialogIdOf(request({ to: '<sip:bob@192.0.2.2>;tag=ours' }))).toBe(dialog().id);
    expect(dialogIdOf(request())).toBeUndefined();
  });

  test('goes to the observed source when the peer cannot know its own address', () => {
    const seen = { ...flow, remoteAddress: '198.51.100.7', remotePort: 9 };
    expect(dialog([], seen).observed).toEqual({
      transport: 'udp',
      address: '198.51.100.7',
      port: 9,
    });
    expect(dialog().observed).toBeUndefined();
    expect(dialog(['Record-Route: <sip:p1;lr>'], seen).observed).toBeUndefined();
  });
});

describe('requests in a dialog (RFC 3261 §12.2)', () => {
  test('count up, and an ACK has the number of its INVITE', () => {
    const first = requestInDialog(dialog(), 'INVITE', [], undefined);
    const second = requestInDialog(first.dialog, 'BYE', [], undefined);
    expect([first.draft.cseq, second.draft.cseq]).toEqual([1, 2]);
    expect(ackInDialog(second.dialog, first.draft, undefined)).toMatchObject({
      method: 'ACK',
      cseq: 1,
    });
  });

  test('follow loose routes as they are, and put a strict router into the Request-URI', () => {
    const loose = requestInDialog(
      dialog(['Record-Route: <sip:p1;lr>']),
      'BYE',
      [],
      undefined,
    ).draft;
    expect([loose.requestUri, loose.routes]).toEqual(['sip:alice@192.0.2.1', ['<sip:p1;lr>']]);
    const strict = requestInDialog(
      dialog(['Record-Route: <sip:p1>, <sip:p2>']),
      'BYE',
      [],
      undefined,
    ).draft;
    expect([strict.requestUri, strict.routes]).toEqual([
      'sip:p1',
      ['<sip:p2>', '<sip:alice@192.0.2.1>'],
    ]);
  });

  test('from the peer are late when their number is below one we saw', () => {
    const later = { ...dialog(), remoteSeq: 5 };
    expect([4, 5, 6].map((cseq) => sequenceOf(later, request({ cseq })))).toEqual([
      'late',
      'next',
      'next',
    ]);
  });

  test('refresh the target and never the routes', () => {
    const moved = request({ headers: ['Record-Route: <sip:p9;lr>'] });
    const contact = { ...moved, headers: [{ name: 'Contact', value: '<sip:new@192.0.2.5>' }] };
    expect(refreshTarget(dialog(), contact)).toMatchObject({
      remoteTarget: 'sip:new@192.0.2.5',
      routes: [],
    });
  });
});
