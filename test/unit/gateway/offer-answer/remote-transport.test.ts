/** Transports as peers describe them. */
import { describe, expect, test } from '@jest/globals';
import { described, lineOf, understood } from './examples.ts';

const HEAD = 'v=0\no=- 1 2 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n';
const FINGERPRINT = new Array(20).fill('0a').join(':');

function transport(rest: string, port = 4000, session = '') {
  return lineOf(understood(`${HEAD}${session}m=audio ${port} RTP/AVP 0\n${rest}`)).transport;
}

describe('RTCP goes', () => {
  test('to the next port, or where a=rtcp says (RFC 3605)', () => {
    expect(transport('')).toMatchObject({ rtpPort: 4000, rtcpPort: 4001, mux: false });
    expect(transport('a=rtcp:5000\n').rtcpPort).toBe(5000);
    expect(lineOf(described('linphone-savpf-offer')).transport.rtcpPort).toBe(38573);
    expect(transport('a=rtcp:5000 IN IP4 192.0.2.77\n')).toMatchObject({
      rtcpPort: 5000,
      rtcpAddress: '192.0.2.77',
    });
  });
  test('never to a port that does not exist', () => {
    expect(transport('', 65_535).rtcpPort).toBe(65_535);
    expect(transport('a=rtcp:0\n').rtcpPort).toBe(4001);
    expect(transport('a=rtcp:65536\n').rtcpPort).toBe(4001);
  });
  test('with RTP when mux is offered, mux-only included (RFC 8858)', () => {
    expect(transport('a=rtcp-mux\n').mux).toBe(true);
    expect(transport('a=rtcp-mux-only\n').mux).toBe(true);
  });
});

describe('The address', () => {
  test('of the m-line goes before the session’s', () => {
    expect(transport('').address).toBe('192.0.2.1');
    expect(transport('c=IN IP6 2001:db8::5\n').address).toBe('2001:db8::5');
  });
  test.each(['IP4 0.0.0.0', 'IP6 ::', 'IP4 phone.example', 'IP6 x.local'])(
    'is unknown for %s',
    (connection) => {
      expect(transport(`c=IN ${connection}\n`)).not.toHaveProperty('address');
    },
  );
  test('loses a multicast suffix', () => {
    expect(transport('c=IN IP4 233.252.0.1/127\n').address).toBe('233.252.0.1');
  });
});

describe('ICE', () => {
  const CREDENTIALS = 'a=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\n';
  test('needs both credentials, which the session may give', () => {
    expect(transport('a=ice-ufrag:abcd\n').ice).toBeUndefined();
    expect(transport('', 4000, CREDENTIALS).ice).toMatchObject({ ufrag: 'abcd', lite: false });
    expect(lineOf(described('baresip-ice-offer')).transport.ice?.candidates.length).toBe(2);
  });
  test('lite and the end of candidates are told', () => {
    const { ice } = transport(`${CREDENTIALS}a=end-of-candidates\n`, 4000, 'a=ice-lite\n');
    expect(ice).toMatchObject({ lite: true, endOfCandidates: true });
  });
  test('keeps at most 64 candidates, and none that is broken', () => {
    const candidate = 'a=candidate:1 1 udp 1 192.0.2.1 1 typ host\n';
    const { ice } = transport(`${CREDENTIALS}a=candidate:nonsense\n${candidate.repeat(100)}`);
    expect(ice?.candidates.length).toBe(63);
  });
});

describe('DTLS', () => {
  test('fingerprints of known hashes and full length are kept, in one spelling', () => {
    const lines = `a=fingerprint:SHA-1 ${FINGERPRINT}\na=fingerprint:sha-256 ${FINGERPRINT}\na=fingerprint:sha-1 zz\na=fingerprint:toString 00\na=fingerprint:sha-1\n`;
    expect(transport(lines).fingerprints).toEqual([
      { hash: 'sha-1', value: FINGERPRINT.toUpperCase() },
    ]);
  });
  test('fingerprints of the m-line replace the session’s', () => {
    const session = `a=fingerprint:sha-1 ${FINGERPRINT}\na=setup:passive\na=tls-id:x1\n`;
    const other = FINGERPRINT.replaceAll('0a', '0B');
    const read = transport(`a=fingerprint:sha-1 ${other}\na=setup:ACTIVE\n`, 4000, session);
    expect(read).toMatchObject({ fingerprints: [{ value: other }], setup: 'active', tlsId: 'x1' });
    expect(transport('', 4000, session)).toMatchObject({ setup: 'passive' });
  });
  test('an unknown setup is none', () => {
    expect(transport('a=setup:whatever\n')).not.toHaveProperty('setup');
  });
});
