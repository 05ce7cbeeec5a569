import { describe, expect, test } from '@jest/globals';
import { checkRequest } from '../../../../gateway/sip/request-checks.ts';
import { optionsAt } from '../../../sim/sip/sip-network.ts';
import { request, type Wanted } from './requests.ts';

const options = optionsAt('192.0.2.2', { applicationMethods: ['MESSAGE'], extensions: ['timer'] });

function refusal(wanted: Wanted) {
  return checkRequest(options, request(wanted));
}

describe('a request outside any dialog', () => {
  test('passes when there is nothing against it', () => {
    expect(refusal({})).toBeUndefined();
    const headers = ['Require: timer', 'Content-Type: application/sdp;x=y', 'Accept: */*'];
    expect(refusal({ headers, body: 'v=0' })).toBeUndefined();
  });

  test.each<[string, number, Wanted]>([
    ['meets 481 when its method needs a dialog', 481, { method: 'BYE' }],
    ['meets 405 when its method is known and not taken', 405, { method: 'PUBLISH' }],
    ['meets 501 when nobody knows its method', 501, { method: 'DANCE' }],
    ['meets 416 when nobody knows the scheme', 416, { uri: 'http://x' }],
    ['meets 420 when it requires what we do not have', 420, { headers: ['Require: timer, moon'] }],
    [
      'meets 415 when its body is of another type',
      415,
      { headers: ['Content-Type: a/b'], body: 'x' },
    ],
    [
      'meets 415 when its body is compressed',
      415,
      { headers: ['Content-Encoding: gzip'], body: 'x' },
    ],
    ['meets 406 when it accepts no SDP', 406, { headers: ['Accept: text/plain'] }],
  ])('%s', (_title, status, wanted) => {
    expect(refusal(wanted)?.status).toBe(status);
  });

  test('names what it lacks: Unsupported, Allow, Accept', () => {
    expect(refusal({ headers: ['Require: timer, moon'] })?.headers).toEqual([
      { name: 'Unsupported', value: 'moon' },
    ]);
    expect(refusal({ method: 'DANCE' })?.headers[0]?.name).toBe('Allow');
    expect(refusal({ headers: ['Content-Type: a/b'], body: 'x' })?.headers[0]?.name).toBe('Accept');
  });

  test('with no hop left meets 483, unless we answer it ourselves (§11)', () => {
    const spent = (method: string) => ({ ...request({ method }), maxForwards: 0 });
    expect(checkRequest(options, spent('INVITE'))?.status).toBe(483);
    expect(checkRequest(options, spent('OPTIONS'))).toBeUndefined();
  });

  test('may carry a body of another type that is optional', () => {
    const headers = ['Content-Type: a/b', 'Content-Disposition: x;handling=optional'];
    expect(refusal({ headers, body: 'x' })).toBeUndefined();
  });
});
