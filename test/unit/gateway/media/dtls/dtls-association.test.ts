import { describe, expect, test } from '@jest/globals';
import { Agenda } from '../../../../../gateway/media/agenda.ts';
import { DtlsAssociation } from '../../../../../gateway/media/dtls/dtls-association.ts';
import { MOST_DTLS_DATAGRAMS_PER_SECOND } from '../../../../../gateway/media/limits.ts';
import { SimulatedDtls } from '../../../../sim/media/support/simulated-dtls.ts';
import { SeededRandom } from '../../../../support/seeded-random.ts';

/** An association of ours and the end that a peer has, with a wire between. */
function pair(ourRole: 'client' | 'server') {
  const time = { now: 0 };
  const random = new SeededRandom(1);
  const dtls = new SimulatedDtls(random, () => time.now);
  const agenda = new Agenda();
  const told: string[] = [];
  const sent: Uint8Array[] = [];
  const association = new DtlsAssociation(
    { dtls, identity: dtls.createIdentity(), agenda, contain: (work) => work() },
    {
      sendDtls: (datagram) => sent.push(datagram),
      dtlsProven: (keys) => told.push(`proven ${keys.profile}`),
      dtlsFailed: (failure) => told.push(failure),
      dtlsClosedByPeer: () => told.push('closed'),
    },
  );
  const peers = new SimulatedDtls(random, () => time.now);
  const identity = peers.createIdentity();
  const promised = [{ hash: 'sha-256', value: identity.fingerprints['sha-256'] }];
  const peer = peers.open({
    identity: identity.handle,
    role: ourRole === 'client' ? 'server' : 'client',
  });
  const give = (bytes: Uint8Array) => association.receive(bytes, 0, bytes.length, time.now);
  const exchange = () => {
    for (let i = 0; i < 6; i += 1) {
      for (const datagram of sent.splice(0)) peers.receive(peer, datagram);
      for (let out = peers.takeOutgoing(peer); out; out = peers.takeOutgoing(peer)) give(out);
    }
  };
  return { association, told, sent, promised, peers, peer, give, exchange, time, agenda, dtls };
}

const clientHello = () => {
  const bytes = new Uint8Array(30);
  bytes[0] = 22;
  bytes[13] = 1;
  return bytes;
};

describe('a DTLS association', () => {
  test.each(['client', 'server'] as const)(
    'as %s gives its keys once the peer is proven',
    (role) => {
      const { association, told, promised, exchange } = pair(role);
      association.describe(role, promised, 0);
      association.pathFound(0);
      exchange();
      expect(told).toEqual(['proven AES_CM_128_HMAC_SHA1_80']);
      expect(association.state).toBe('proven');
    },
  );

  test('may finish before the fingerprint is known, and waits with its keys', () => {
    const { association, told, promised, exchange } = pair('server');
    exchange();
    expect(association.state).toBe('unproven');
    expect(told).toEqual([]);
    association.describe('server', promised, 0);
    expect(association.state).toBe('proven');
  });

  test('that shows another certificate fails and is freed', () => {
    const { association, told, exchange, dtls } = pair('server');
    association.describe('server', [{ hash: 'sha-256', value: 'AA' }], 0);
    exchange();
    expect(told).toEqual(['fingerprint-mismatch']);
    expect(dtls.openAssociations).toBe(0);
    expect(association.state).toBe('ended');
  });

  test('begins for nothing but a ClientHello, and as a client for nothing at all', () => {
    const { give, association } = pair('server');
    expect(give(new Uint8Array(30).fill(22))).toBe(false);
    expect(association.state).toBe('idle');
    const client = pair('client');
    client.association.describe('client', client.promised, 0);
    expect(client.give(clientHello())).toBe(false);
  });

  test('that stands ignores a hello and an alert in clear', () => {
    const { association, promised, exchange, give, told } = pair('server');
    association.describe('server', promised, 0);
    exchange();
    const alert = new Uint8Array(15);
    alert[0] = 21;
    expect(give(clientHello())).toBe(false);
    expect(give(alert)).toBe(false);
    expect(told).toHaveLength(1);
  });

  test('sends its flight again when nothing comes', () => {
    const { association, promised, sent, time, agenda } = pair('client');
    association.describe('client', promised, 0);
    association.pathFound(0);
    expect(sent.splice(0)).toHaveLength(1);
    time.now = agenda.deadline()!;
    agenda.takeDue(time.now)!.run(time.now);
    expect(sent).toHaveLength(1);
  });

  test('is closed by the peer’s close_notify', () => {
    const { association, promised, exchange, peers, peer, told } = pair('server');
    association.describe('server', promised, 0);
    exchange();
    peers.shutdown(peer);
    exchange();
    expect(told).toEqual(['proven AES_CM_128_HMAC_SHA1_80', 'closed']);
  });

  test('that takes too long is given up, once', () => {
    const { association, told } = pair('server');
    association.giveUp(0);
    association.giveUp(0);
    expect(told).toEqual(['dtls-timeout']);
  });

  test('gives way to a new one when the description promises another certificate', () => {
    const { association, promised, exchange, dtls } = pair('server');
    association.describe('server', promised, 0);
    exchange();
    association.describe('server', promised, 0);
    expect(association.state).toBe('proven');
    association.describe('server', [{ hash: 'sha-256', value: 'BB' }], 0);
    expect(association.state).toBe('idle');
    expect(dtls.openAssociations).toBe(0);
  });

  test('takes a limited number of datagrams a second', () => {
    const { association, promised, exchange, give, time } = pair('server');
    association.describe('server', promised, 0);
    exchange();
    const record = new Uint8Array(30);
    record[0] = 23;
    record[4] = 1;
    let taken = 0;
    for (let i = 0; i < 1_000; i += 1) if (give(record)) taken += 1;
    expect(taken).toBeLessThanOrEqual(MOST_DTLS_DATAGRAMS_PER_SECOND);
    time.now = 1_000;
    expect(give(record)).toBe(true);
  });

  test('says goodbye and frees everything when closed, also twice', () => {
    const { association, promised, exchange, sent, dtls, agenda } = pair('server');
    association.describe('server', promised, 0);
    exchange();
    association.close();
    association.close();
    expect(sent.map((bytes) => bytes[0])).toEqual([21]);
    expect(dtls.openAssociations).toBe(0);
    expect(agenda.size).toBe(0);
  });
});
