import { expect, test } from '@jest/globals';
import {
  localResponse,
  receivedRequest,
  receivedResponse,
} from '../../../../gateway/sip/received.ts';
import { flowBetween } from '../../../sim/sip/sip-network.ts';
import { request, response } from './requests.ts';

test('a request keeps its headers, its body and the flow it came on', () => {
  const flow = flowBetween('192.0.2.2', '192.0.2.1', 'udp');
  const headers = ['Content-Type: a/b'];
  const received = receivedRequest(request({ headers, body: 'xy' }), flow);
  expect(received).toMatchObject({ method: 'INVITE', callId: 'call', flow });
  expect(received.body?.contentType).toBe('a/b');
});

test('a response says where it came from, and one of our own making does not', () => {
  const hop = { transport: 'udp', interfaceName: 'm', address: '192.0.2.1', port: 5 } as const;
  expect(receivedResponse(response(486), hop)).toMatchObject({
    status: 486,
    source: { address: '192.0.2.1', port: 5 },
  });
  expect(localResponse(408)).toEqual({ status: 408, reason: 'Request Timeout', headers: [] });
});
