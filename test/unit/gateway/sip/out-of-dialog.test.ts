import { expect, test } from '@jest/globals';
import { SipEnvironment } from '../../../../gateway/sip/environment.ts';
import { draftOutOfDialog, type OutOfDialogParts } from '../../../../gateway/sip/out-of-dialog.ts';
import { acceptAll, optionsAt } from '../../../sim/sip/sip-network.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

function draft(more: Partial<OutOfDialogParts> = {}, method = 'INVITE') {
  const environment = new SipEnvironment(optionsAt('192.0.2.1'), acceptAll, new SeededRandom(1));
  const parts = { requestUri: 'sip:b@c', from: 'sip:a@c', to: 'sip:b@c', ...more };
  return draftOutOfDialog(environment, parts, method);
}

test('a first request has a new Call-ID, a tag of ours and the number one', () => {
  expect(draft()).toMatchObject({
    ok: true,
    value: { cseq: 1, to: '<sip:b@c>', maxForwards: 70, from: expect.stringMatching(/;tag=/) },
  });
});

test('Max-Forwards may be given, in its range', () => {
  const given = (value: string) => draft({ headers: [{ name: 'Max-Forwards', value }] });
  expect(given('12')).toMatchObject({ ok: true, value: { maxForwards: 12, headers: [] } });
  expect(given('256').ok).toBe(false);
});

test('a Contact may be given only where none of ours is written', () => {
  const headers = [{ name: 'Contact', value: '<sip:x@y>' }];
  const allowed = ['INVITE', 'REGISTER', 'MESSAGE'].map((method) => draft({ headers }, method).ok);
  expect(allowed).toEqual([false, false, true]);
});

test('parts that do not parse make no request', () => {
  for (const more of [{ requestUri: 'b' }, { from: '<' }, { to: '' }, { route: ['x'] }]) {
    expect(draft(more).ok).toBe(false);
  }
});
