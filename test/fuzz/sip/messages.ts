/** Real SIP messages as seeds: the torture fixtures and what phones send. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const fixtures = join(import.meta.dirname, '../../fixtures');

const phone = [
  'INVITE sip:bob@example.com;transport=udp SIP/2.0',
  'Via: SIP/2.0/UDP 192.168.1.10:5060;rport;branch=z9hG4bK-524287-1---a1b2c3',
  'Via: SIP/2.0/TCP proxy.example.com;branch=z9hG4bKp;received=192.0.2.4, SIP/2.0/UDP x;branch=y',
  'Max-Forwards: 70',
  'Record-Route: <sip:192.0.2.4;lr;ftag=1>,<sip:[2001:db8::1]:5062;lr>',
  'Contact: "Alice, at home" <sip:alice@192.168.1.10:5060;ob>;expires=60;q=0.5',
  'To: <sip:bob@example.com>',
  'From: "Alice \\"A\\" Ünal"<sip:alice@example.com>;tag=7a8b9c',
  'Call-ID: ZTg4NWQ3@192.168.1.10',
  'CSeq: 2 INVITE',
  'Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, MESSAGE, OPTIONS, INFO, SUBSCRIBE',
  'Authorization: Digest username="alice", realm="example.com", nonce="a,b", uri="sip:x", qop=auth',
  'Subject: folded',
  '  over two lines',
  'Content-Type: application/sdp',
  'Content-Length: 5',
  '',
  'v=0\r\n',
].join('\r\n');

export const SEEDS: readonly Buffer[] = [
  Buffer.from(phone),
  ...['rfc4475', 'rfc5118'].flatMap((suite) =>
    readdirSync(join(fixtures, suite))
      .filter((file) => file !== 'README.md')
      .map((file) => readFileSync(join(fixtures, suite, file))),
  ),
];
