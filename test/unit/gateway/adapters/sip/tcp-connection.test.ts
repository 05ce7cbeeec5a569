import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MESSAGE_DEADLINE } from '../../../../../gateway/adapters/sip/stream-limits.ts';
import { TcpConnection } from '../../../../../gateway/adapters/sip/tcp-connection.ts';
import type { Flow } from '../../../../../gateway/sip/endpoint-contract.ts';

/** As much of a socket as a connection touches. */
class FakeSocket extends PassThrough {
  connecting: boolean;
  readonly sent: string[] = [];
  constructor(connecting: boolean) {
    super();
    this.connecting = connecting;
  }
  setNoDelay(): void {}
  override write(chunk: unknown): boolean {
    this.sent.push(String(chunk));
    return true;
  }
}

function setting(connecting: boolean) {
  const socket = new FakeSocket(connecting);
  const closed: { reason: string; unsent: readonly string[] }[] = [];
  const received: string[] = [];
  const connection = new TcpConnection(socket as unknown as Socket, {} as Flow, {
    received: (_flow, bytes) => received.push(Buffer.from(bytes).toString()),
    closed: (_connection, reason, unsent) => closed.push({ reason, unsent }),
  });
  return { socket, connection, closed, received };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a TCP connection', () => {
  test('keeps messages until it is made, then sends them in order', () => {
    const { socket, connection } = setting(true);
    connection.send(Buffer.from('one'), '1');
    connection.send(Buffer.from('two'), '2');
    expect(socket.sent).toEqual([]);
    socket.emit('connect');
    connection.send(Buffer.from('three'), '3');
    expect(socket.sent).toEqual(['one', 'two', 'three']);
  });

  test('names the transactions whose messages were never sent, once', () => {
    const { socket, connection, closed } = setting(true);
    connection.send(Buffer.from('one'), 't1');
    socket.emit('error', new Error('refused'));
    connection.close('again');
    expect(closed).toEqual([{ reason: 'refused', unsent: ['t1'] }]);
    expect(connection.send(Buffer.from('two'), 't2')).toBe(false);
  });

  test('is closed when a message that has begun does not end in time, however it drips', () => {
    const { socket, closed } = setting(false);
    socket.emit('data', Buffer.from('OPTIONS sip:a SIP/2.0\r\n'));
    for (let step = 0; step < 4; step += 1) {
      jest.advanceTimersByTime(MESSAGE_DEADLINE / 4 - 1);
      expect(closed).toEqual([]);
      socket.emit('data', Buffer.from('X'));
    }
    jest.advanceTimersByTime(4);
    expect(closed).toEqual([{ reason: 'deadline', unsent: [] }]);
  });

  test('gives each message its own time, though none begins at the start of a segment', () => {
    const { socket, closed, received } = setting(false);
    const message = 'OPTIONS sip:a SIP/2.0\r\nl: 0\r\n\r\n';
    socket.emit('data', Buffer.from(message.slice(0, 9)));
    for (let step = 0; step < 8; step += 1) {
      jest.advanceTimersByTime(MESSAGE_DEADLINE / 4);
      socket.emit('data', Buffer.from(message.slice(9) + message.slice(0, 9)));
    }
    expect(received).toHaveLength(8);
    expect(closed).toEqual([]);
    jest.advanceTimersByTime(MESSAGE_DEADLINE);
    expect(closed).toEqual([{ reason: 'deadline', unsent: [] }]);
  });

  test('reads nothing more of a stream that is ambiguous', () => {
    const { socket, closed, received } = setting(false);
    const bad = 'OPTIONS sip:a SIP/2.0\r\nl: 0\r\nl: 5\r\n\r\n';
    socket.emit('data', Buffer.from(`${bad}OPTIONS sip:a SIP/2.0\r\nl: 0\r\n\r\n`));
    expect(received).toEqual([]);
    expect(closed).toHaveLength(1);
  });
});
