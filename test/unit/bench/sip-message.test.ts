import { describe, expect, test } from '@jest/globals';
import {
  branchOf,
  calledUser,
  headerOf,
  headersOf,
  methodOf,
  readSip,
  recordRoutes,
  type SipMessage,
  statusOf,
  uriIn,
  writeSip,
} from '../../../bench/sip-message.ts';

const invite: SipMessage = {
  startLine: 'INVITE sip:7001@127.0.0.1:5060 SIP/2.0',
  headers: [
    ['Via', 'SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKa;rport'],
    ['v', 'SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bKb'],
    ['CSeq', '1 INVITE'],
    ['Record-Route', '<sip:b;lr>, <sip:a;lr>'],
    ['record-route', '<sip:c;lr>'],
  ],
  body: 'é\r\n',
};

function written(message: SipMessage): SipMessage {
  const read = readSip(writeSip(message));
  if (read === undefined) throw new Error('not read');
  return read;
}

describe('SIP message of the benchmark', () => {
  test('a message is read as it was written, with its length in octets', () => {
    expect(headerOf(written(invite), 'content-length')).toBe('4');
    expect(written(invite).body).toBe(invite.body);
  });

  test('compact and repeated headers are found in order', () => {
    expect(headersOf(written(invite), 'via')).toHaveLength(2);
    expect(branchOf(written(invite))).toBe('z9hG4bKa');
  });

  test('routes are one each, whether they shared a header or not', () => {
    expect(recordRoutes(invite)).toEqual(['<sip:b;lr>', '<sip:a;lr>', '<sip:c;lr>']);
  });

  test('a request has a method, a called user and no status', () => {
    expect([methodOf(invite), calledUser(invite), statusOf(invite)]).toEqual(['INVITE', '7001', 0]);
  });

  test('a response has a status', () => {
    expect(statusOf({ ...invite, startLine: 'SIP/2.0 183 Session Progress' })).toBe(183);
  });

  test('a folded header is one line', () => {
    const read = readSip('SIP/2.0 200 OK\r\nContact: <sip:a@b>\r\n ;q=1\r\n\r\n');
    expect(read && headerOf(read, 'contact')).toBe('<sip:a@b> ;q=1');
  });

  test('the URI of a name-address stands in angle brackets, or before the parameters', () => {
    expect(uriIn('"A" <sip:a@b;lr>;tag=1')).toBe('sip:a@b;lr');
    expect(uriIn('sip:a@b;tag=1')).toBe('sip:a@b');
  });

  test.each(['\r\n\r\n', 'hello\r\n\r\n', 'OPTIONS sip:a SIP/2.0\r\n'])(
    'no message: %j',
    (datagram) => {
      expect(readSip(datagram)).toBeUndefined();
    },
  );
});
