/** The table of causes and its readings in SIP, Q.850, the Janus API and HTTP. */
import { describe, expect, test } from '@jest/globals';
import {
  betterRefusal,
  causeOfReasonHeaders,
  causeOfStatus,
  describe as describeCause,
  httpStatusOf,
  janusCoreReasonOf,
  janusHangupOf,
  reasonHeadersOf,
  sipStatusOf,
} from '../../../../gateway/call/causes.ts';

describe('a Q.850 value', () => {
  test.each([
    [1, 'not-found'],
    [16, 'normal'],
    [17, 'busy'],
    [18, 'timeout'],
    [19, 'no-answer'],
    [21, 'declined'],
    [22, 'gone'],
    [28, 'incomplete-address'],
    [31, 'normal'],
    [41, 'peer-failed'],
    [102, 'timeout'],
    [126, undefined],
  ])('a Reason header with Q.850 cause %i means %s', (q850, name) => {
    expect(causeOfReasonHeaders([['Reason', `Q.850;cause=${q850}`]])?.name).toBe(name);
  });
});

describe('a status of SIP', () => {
  test.each([
    [302, 'redirected'],
    [400, 'bad-request'],
    [404, 'not-found'],
    [407, 'credentials-refused'],
    [408, 'timeout'],
    [480, 'unavailable'],
    [486, 'busy'],
    [487, 'cancelled'],
    [488, 'not-acceptable'],
    [499, 'bad-request'],
    [503, 'congestion'],
    [599, 'peer-failed'],
    [600, 'busy'],
    [603, 'declined'],
    [699, 'declined'],
  ])('%i means %s', (status, name) => {
    expect(causeOfStatus(status, 'Phrase')).toEqual({
      name,
      sip: { status, reason: 'Phrase' },
    });
  });

  test('passes from one SIP leg to the other unchanged', () => {
    expect(sipStatusOf(causeOfStatus(486, 'Im Gespräch'))).toEqual({
      status: 486,
      reason: 'Im Gespräch',
    });
  });

  test.each([302, 401, 407])('%i is only between the peer and us', (status) => {
    expect([403, 480]).toContain(sipStatusOf(causeOfStatus(status, '')).status);
  });
});

describe('Reason headers', () => {
  test('name the Q.850 value, and the SIP status that a peer gave', () => {
    expect(reasonHeadersOf({ name: 'normal' })).toEqual([
      ['Reason', 'Q.850;cause=16;text="normal"'],
    ]);
    expect(reasonHeadersOf(causeOfStatus(486, 'Busy "Here"'))).toEqual([
      ['Reason', 'SIP;cause=486;text="Busy  Here "'],
      ['Reason', 'Q.850;cause=17;text="busy"'],
    ]);
  });

  test('say that another branch answered', () => {
    const headers = reasonHeadersOf({ name: 'answered-elsewhere' });
    expect(headers[0]?.[1]).toMatch(/^SIP;cause=200/);
    expect(causeOfReasonHeaders(headers)).toEqual({ name: 'answered-elsewhere' });
  });

  test('never carry a line break or a quote of a peer', () => {
    const [header] = reasonHeadersOf({ name: 'normal', detail: 'a"b\r\nX-Evil: 1\u0000' });
    expect(header?.[1]).toBe('Q.850;cause=16;text="a b  X-Evil: 1 "');
  });

  test.each([
    ['SIP;cause=486;text="Busy"', 'busy'],
    ['Q.850 ; cause=16', 'normal'],
    ['q.850;text="x";cause=17', undefined],
    ['SIP;cause=200', 'answered-elsewhere'],
    ['SIP;cause=1', undefined],
    ['Preemption;cause=1', undefined],
    ['nonsense', undefined],
  ])('are read: %s', (value, name) => {
    expect(causeOfReasonHeaders([['Reason', value]])?.name).toBe(name);
  });
});

describe('other words', () => {
  test('for the SIP plug-in of Janus', () => {
    expect(janusHangupOf({ name: 'normal' })).toEqual({ code: 200, reason: 'Session Terminated' });
    expect(janusHangupOf(causeOfStatus(404, 'Gone fishing'))).toEqual({
      code: 404,
      reason: 'Gone fishing',
    });
    expect(janusHangupOf({ name: 'no-answer' }).code).toBe(480);
  });

  test('for the core of Janus and for HTTP', () => {
    expect(janusCoreReasonOf({ name: 'ice-failed' })).toBe('ICE failed');
    expect(httpStatusOf({ name: 'not-found' })).toBe(404);
  });

  test('for people', () => {
    expect(describeCause({ name: 'media-process-lost' })).toBe('media process lost');
    expect(describeCause({ name: 'normal', detail: 'bye' })).toBe('bye');
  });
});

describe('of two refusals', () => {
  test.each([
    [486, 603, 603],
    [486, 500, 486],
    [503, 404, 404],
    [486, 404, 486],
  ])('of %i and %i the better is %i', (former, latter, better) => {
    const chosen = betterRefusal(causeOfStatus(former, ''), causeOfStatus(latter, ''));
    expect(chosen.sip?.status).toBe(better);
  });

  test('what a peer said is better than what we made up', () => {
    const said = causeOfStatus(500, '');
    expect(betterRefusal({ name: 'timeout' }, said)).toBe(said);
    expect(betterRefusal(said, { name: 'timeout' })).toBe(said);
  });
});
