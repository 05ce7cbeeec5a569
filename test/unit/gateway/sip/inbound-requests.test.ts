import { expect, test } from '@jest/globals';
import { Network } from '../../../sim/sip/sip-network.ts';
import { requestText } from './requests.ts';

test('a 200 that makes a dialog repeats Record-Route in order and says what we can do', () => {
  const network = new Network();
  const node = network.add('192.0.2.2');
  const headers = ['Record-Route: <sip:p1;lr>', 'Record-Route: <sip:p2;lr>'];
  network.inject('192.0.2.1', '192.0.2.2', requestText({ headers }));
  const { request } = node.eventsOf('incoming-invite')[0]!;
  network.command(node, { type: 'respond', request, status: 200 });
  const { text } = network.seen[1]!;
  expect(text.match(/\r\nRecord-Route: [^\r]*/g)).toEqual(headers.map((line) => `\r\n${line}`));
  expect(text).toMatch(/\r\nAllow: /);
});

test('an answer to a request that makes none has neither, and ends its wait', () => {
  const network = new Network();
  const node = network.add('192.0.2.2');
  network.inject('192.0.2.1', '192.0.2.2', requestText({ method: 'MESSAGE' }));
  const { request } = node.eventsOf('incoming-request')[0]!;
  expect(node.counts().requests).toBe(1);
  network.command(node, { type: 'respond', request, status: 200 });
  expect(network.seen[0]?.text).not.toMatch(/\r\n(Contact|Record-Route|Allow): /);
  expect(node.counts().requests).toBe(0);
});

test('a request that the application never answers is forgotten with its transaction', () => {
  const network = new Network();
  const node = network.add('192.0.2.2');
  network.inject('192.0.2.1', '192.0.2.2', requestText({ method: 'MESSAGE' }));
  network.run();
  expect(node.eventsOf('refused')[0]?.fault.code).toBe('sip.unanswered');
  expect(node.counts()).toMatchObject({ requests: 0, transactions: 0, timers: 0 });
});
