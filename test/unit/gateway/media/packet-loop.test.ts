import { describe, expect, test } from '@jest/globals';
import { silentLog } from '../../../../gateway/core/log.ts';
import {
  type DatagramSink,
  describe as inWords,
  PacketLoop,
} from '../../../../gateway/media/packet-loop.ts';
import type { SocketHandle } from '../../../../gateway/native/contract.ts';
import {
  DATAGRAM_WORDS,
  FLAG_TRUNCATED,
  WORD_FLAGS,
  WORD_LENGTH,
  WORD_SOCKET,
} from '../../../../gateway/native/contract.ts';

function loopOf(sockets: readonly number[]) {
  const receiveInfo = new Int32Array(64 * DATAGRAM_WORDS);
  for (const [index, socket] of sockets.entries()) {
    receiveInfo[index * DATAGRAM_WORDS + WORD_SOCKET] = socket;
    receiveInfo[index * DATAGRAM_WORDS + WORD_LENGTH] = index;
  }
  const loop = new PacketLoop({ arena: new Uint8Array(16), receiveInfo }, silentLog);
  const fetched: number[] = [];
  const listen = (socket: number, receive: DatagramSink['receive']) =>
    loop.listen(socket as SocketHandle, {
      receive,
      fetchAhead: ({ length }) => fetched.push(length),
    });
  return { loop, receiveInfo, listen, fetched };
}

describe('the packet loop', () => {
  test('brings each datagram to its socket’s sink, in order', () => {
    const { loop, listen } = loopOf([7, 8, 7, 9]);
    const heard: string[] = [];
    listen(7, ({ length }) => heard.push(`seven ${length}`));
    listen(8, ({ length }) => heard.push(`eight ${length}`));
    loop.receive(4, 0);
    expect(heard).toEqual(['seven 0', 'eight 1', 'seven 2']);
    expect(loop.counters.unclaimed).toBe(1);
  });

  test('drops what was cut short', () => {
    const { loop, receiveInfo, listen } = loopOf([7]);
    receiveInfo[WORD_FLAGS] = FLAG_TRUNCATED;
    listen(7, () => {
      throw new Error('not to be called');
    });
    loop.receive(1, 0);
    expect(loop.counters.truncated).toBe(1);
  });

  test('contains a throw to the unit named, and goes on with the batch', () => {
    const { loop, listen } = loopOf([7, 8]);
    const failures: unknown[] = [];
    let others = 0;
    listen(7, (_datagram, _now, through) => {
      through.unit = { fail: (error) => failures.push(error) };
      throw new Error('ours');
    });
    listen(8, () => {
      others += 1;
    });
    loop.receive(2, 0);
    expect(failures).toEqual([new Error('ours')]);
    expect(others).toBe(1);
    expect(loop.counters.contained).toBe(1);
  });

  test('lets a throw out that belongs to no unit, even after another had one', () => {
    const { loop, listen } = loopOf([7, 8]);
    listen(7, (_datagram, _now, through) => {
      through.unit = { fail: () => {} };
    });
    listen(8, () => {
      throw new Error('nobody’s');
    });
    expect(() => loop.receive(2, 0)).toThrow('nobody’s');
  });

  test('forgets a socket', () => {
    const { loop, listen } = loopOf([7]);
    listen(7, () => {});
    loop.forget(7 as SocketHandle);
    expect(loop.sockets).toBe(0);
    loop.receive(1, 0);
    expect(loop.counters.unclaimed).toBe(1);
  });

  test('has all sinks of a batch fetch ahead before the first takes its datagram', () => {
    const { loop, listen, fetched } = loopOf([7, 8, 9]);
    const fetchedBy: number[][] = [];
    listen(7, () => fetchedBy.push([...fetched]));
    listen(8, () => fetchedBy.push([...fetched]));
    loop.receive(3, 0);
    expect(fetchedBy).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  test('brings nothing more to a socket that an earlier datagram of the batch closed', () => {
    const { loop, listen } = loopOf([7, 8, 7, 8]);
    const heard: string[] = [];
    listen(7, () => {
      heard.push('seven');
      loop.forget(8 as SocketHandle);
    });
    listen(8, () => heard.push('eight'));
    loop.receive(4, 0);
    expect(heard).toEqual(['seven', 'seven']);
    expect(loop.counters.unclaimed).toBe(2);
  });

  test('tells a native error by its code', () => {
    const error = Object.assign(new Error('path 7'), { code: 'native.stale_handle' });
    expect(inWords(error)).toContain('native.stale_handle: path 7');
    expect(inWords('thrown text')).toBe('thrown text');
  });
});
