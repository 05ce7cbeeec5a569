import { describe, expect, test } from '@jest/globals';
import { JanusSession, type SessionState } from '../../../../gateway/janus/session.ts';

const IDLE: SessionState = {
  id: 1,
  delivery: { kind: 'polls', waiting: [] },
  queue: [],
  heardAt: 0,
};

function onSocket(): JanusSession {
  return new JanusSession({ ...IDLE, delivery: { kind: 'socket', connection: 's' } });
}

describe('where events go', () => {
  test('to the socket at once', () => {
    expect(onSocket().deliver({ janus: 'event' })).toEqual([
      { connection: 's', body: { janus: 'event' } },
    ]);
  });

  test('to a queue while parked, and from it to whoever claims', () => {
    const session = onSocket();
    session.park(100);
    expect(session.deliver({ janus: 'event' })).toEqual([]);
    expect(session.claim('s2')).toEqual([{ connection: 's2', body: { janus: 'event' } }]);
    expect(session.claim('s3')).toEqual([]);
  });

  test('a poll claims a session that lost its socket', () => {
    const session = onSocket();
    session.park(100);
    session.deliver({ janus: 'event' });
    const sent = session.poll({ connection: 'p', maximumEvents: 10, until: 50 });
    expect(sent).toEqual([{ connection: 'p', body: [{ janus: 'event' }] }]);
  });

  test('a socket that claims releases the polls', () => {
    const session = new JanusSession(IDLE);
    session.poll({ connection: 'p', until: 50 });
    expect(session.claim('s')).toEqual([{ connection: 'p', body: { janus: 'keepalive' } }]);
  });

  test('no more polls wait than a limit: the oldest goes for one more', () => {
    const session = new JanusSession(IDLE);
    for (let count = 0; count < 8; count += 1) {
      expect(session.poll({ connection: `p${count}`, until: 50 })).toEqual([]);
    }
    expect(session.poll({ connection: 'more', until: 50 })).toEqual([
      { connection: 'p0', body: { janus: 'keepalive' } },
    ]);
  });
});

describe('how long a session lives', () => {
  test('silence ends it, unless it never ends', () => {
    const session = onSocket();
    session.heard(10);
    expect(session.hasExpired(69, 60)).toBe(false);
    expect(session.hasExpired(70, 60)).toBe(true);
    expect(session.hasExpired(1e9, 0)).toBe(false);
  });

  test('parked it ends at its time, however lately it was heard', () => {
    const session = onSocket();
    session.heard(99);
    session.park(100);
    expect(session.hasExpired(99, 60)).toBe(false);
    expect(session.hasExpired(100, 60)).toBe(true);
  });

  test('a snapshot goes on as the session would', () => {
    const session = onSocket();
    session.park(100);
    session.deliver({ janus: 'event' });
    const restored = new JanusSession(JSON.parse(JSON.stringify(session.snapshot())));
    expect(restored.hasExpired(100, 60)).toBe(true);
    expect(restored.claim('s2')).toHaveLength(1);
  });
});
