/** Whom a request comes from, and whether that is this machine itself. */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { isLoopback, peerOf } from '../../../../../gateway/adapters/http/peer.ts';

function request(remoteAddress: string, headers = {}, localAddress = '192.0.2.1'): IncomingMessage {
  return { socket: { remoteAddress, localAddress }, headers } as IncomingMessage;
}

describe('a peer', () => {
  test('elsewhere is not on this machine', () => {
    expect(peerOf(request('192.0.2.9'))).toEqual({
      address: '192.0.2.9',
      loopback: false,
      secure: false,
    });
  });

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('at %s is', (address) => {
    expect(peerOf(request(address)).loopback).toBe(true);
  });

  test('that asks an address of this machine from that very address is', () => {
    expect(peerOf(request('192.0.2.1')).loopback).toBe(true);
  });

  test.each(['forwarded', 'x-forwarded-for', 'via'])(
    'behind a proxy, as %s says, is not',
    (name) => {
      expect(peerOf(request('127.0.0.1', { [name]: '192.0.2.9' })).loopback).toBe(false);
    },
  );

  test('on a socket for both families has an IPv4 address where it is one', () => {
    expect(peerOf(request('::ffff:192.0.2.9')).address).toBe('192.0.2.9');
    expect(peerOf(request('2001:db8::9')).address).toBe('2001:db8::9');
  });

  test('over TLS is secure', () => {
    const socket = Object.create(TLSSocket.prototype, { remoteAddress: { value: '192.0.2.9' } });
    expect(peerOf({ socket, headers: {} } as IncomingMessage).secure).toBe(true);
  });
});

describe('loopback', () => {
  test.each([
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['::1', true],
    ['127.0.0.1.example', false],
    ['10.0.0.1', false],
    ['', false],
  ])('has %j: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});
