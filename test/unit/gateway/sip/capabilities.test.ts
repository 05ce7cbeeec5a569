import { expect, test } from '@jest/globals';
import {
  acceptHeader,
  allowHeader,
  capabilityHeaders,
  isKnownMethod,
  isSupportedMethod,
  serverHeader,
  userAgentHeader,
  withDefaults,
} from '../../../../gateway/sip/capabilities.ts';
import { optionsAt } from '../../../sim/sip/sip-network.ts';

const options = optionsAt('192.0.2.1', { applicationMethods: ['INFO'], extensions: ['timer'] });

test('what we can do is what the endpoint and its application can do', () => {
  expect(allowHeader(options).value).toBe('INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, INFO');
  expect(capabilityHeaders(options)[1]).toEqual({ name: 'Supported', value: 'timer' });
  expect(acceptHeader(options).value).toBe('application/sdp');
  expect([isSupportedMethod(options, 'INFO'), isSupportedMethod(options, 'REFER')]).toEqual([
    true,
    false,
  ]);
  expect([isKnownMethod('REFER'), isKnownMethod('DANCE')]).toEqual([true, false]);
});

test('a header of the call layer\u2019s own is not written twice', () => {
  const own = [{ name: 'User-Agent', value: 'mine' }];
  expect(withDefaults(own, [userAgentHeader(options), serverHeader(options)])).toEqual([
    ...own,
    { name: 'Server', value: 'Causeway-test' },
  ]);
});
