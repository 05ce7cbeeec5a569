/** What becomes of each torture message of RFC 4475 and RFC 5118, and why. */

export interface Outcome {
  /**
   * Statuses sent, `passed on` to the application, `silence`; on a stream also `closed`, and
   * `waits` for octets that never come until the deadline closes the connection.
   */
  readonly udp: string;
  readonly tcp: string;
  /** Of the RFC that the message comes from. */
  readonly section: string;
  readonly reason: string;
}

export const OUTCOMES: {
  readonly [suite in 'rfc4475' | 'rfc5118']: { readonly [file: string]: Outcome };
} = {
  rfc4475: {
    'wsinv.dat': {
      udp: '481',
      tcp: '481',
      section: '3.1.1.1',
      reason: 'well formed; its To tag names a dialog that we do not have',
    },
    'intmeth.dat': {
      udp: '501',
      tcp: '501',
      section: '3.1.1.2',
      reason: 'well formed; a method that nobody knows',
    },
    'esc01.dat': {
      udp: '100',
      tcp: '100',
      section: '3.1.1.3',
      reason: 'escapes in the user part are decoded for comparison only',
    },
    'escnull.dat': {
      udp: '200',
      tcp: '200',
      section: '3.1.1.4',
      reason: 'an escaped NUL is a character like any other',
    },
    'esc02.dat': {
      udp: '501',
      tcp: '501',
      section: '3.1.1.5',
      reason: 'methods and header names have no escapes: this is not REGISTER',
    },
    'lwsdisp.dat': {
      udp: '200',
      tcp: '200',
      section: '3.1.1.6',
      reason: 'no white space is needed before the angle bracket',
    },
    'longreq.dat': {
      udp: '100',
      tcp: '100',
      section: '3.1.1.7',
      reason: 'long, and within our limits',
    },
    'dblreq.dat': {
      udp: '200',
      tcp: '200, 100, closed',
      section: '3.1.1.8',
      reason:
        'on a datagram the rest is ignored; on a stream it is a request, and its own rest is none',
    },
    'semiuri.dat': {
      udp: '200',
      tcp: '200',
      section: '3.1.1.9',
      reason: 'the semicolon belongs to the user part',
    },
    'transports.dat': {
      udp: '200',
      tcp: '200',
      section: '3.1.1.10',
      reason: 'unknown transports below the top Via are no concern of ours',
    },
    'mpart01.dat': {
      udp: 'passed on',
      tcp: 'passed on',
      section: '3.1.1.11',
      reason: 'the application decides about the parts',
    },
    'unreason.dat': {
      udp: 'silence',
      tcp: 'silence',
      section: '3.1.1.12',
      reason: 'a response to nothing of ours',
    },
    'noreason.dat': {
      udp: 'silence',
      tcp: 'silence',
      section: '3.1.1.13',
      reason: 'a response to nothing of ours',
    },
    'badinv01.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.1',
      reason: 'empty parameters; a choice, the RFC lets one be lenient',
    },
    'clerr.dat': {
      udp: '400',
      tcp: 'waits',
      section: '3.1.2.2',
      reason: 'a datagram cannot be completed; a stream can, until the deadline closes it',
    },
    'ncl.dat': {
      udp: '400',
      tcp: 'closed',
      section: '3.1.2.3',
      reason: 'on a stream nobody knows where the next message begins',
    },
    'scalar02.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.4',
      reason: 'CSeq and Max-Forwards are out of range',
    },
    'scalarlg.dat': {
      udp: 'silence',
      tcp: 'silence',
      section: '3.1.2.5',
      reason: 'responses that do not parse are dropped',
    },
    'quotbal.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.6',
      reason: 'the quoted string never ends',
    },
    'ltgtruri.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.7',
      reason: 'no angle brackets around a Request-URI',
    },
    'lwsruri.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.8',
      reason: 'white space inside the Request-URI',
    },
    'lwsstart.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.9',
      reason: 'a choice: one space each, or hops may disagree on the URI',
    },
    'trws.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.10',
      reason: 'a choice, as above',
    },
    'escruri.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.11',
      reason: 'headers may not stand in a Request-URI',
    },
    'baddate.dat': {
      udp: '100',
      tcp: '100',
      section: '3.1.2.12',
      reason: 'we do not read Date, so it may be wrong',
    },
    'regbadct.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.13',
      reason: 'a question mark in a Contact wants angle brackets',
    },
    'badaspec.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.14',
      reason: 'spaces inside the angle brackets; a choice',
    },
    'baddn.dat': {
      udp: '400',
      tcp: 'waits',
      section: '3.1.2.15',
      reason: 'unquoted commas; and on a stream its empty line never comes',
    },
    'badvers.dat': {
      udp: '505',
      tcp: '505',
      section: '3.1.2.16',
      reason: 'a version that we do not speak',
    },
    'mismatch01.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.17',
      reason: 'CSeq names another method',
    },
    'mismatch02.dat': {
      udp: '400',
      tcp: '400',
      section: '3.1.2.18',
      reason: 'CSeq names another method; a choice between 400 and 501',
    },
    'bigcode.dat': {
      udp: 'silence',
      tcp: 'silence',
      section: '3.1.2.19',
      reason: 'responses that do not parse are dropped',
    },
    'badbranch.dat': {
      udp: '200',
      tcp: '200',
      section: '3.2.1',
      reason: 'the bare cookie is no branch: matched as RFC 2543 has it',
    },
    'insuf.dat': {
      udp: '400',
      tcp: '400',
      section: '3.3.1',
      reason: 'From, To and Call-ID are missing',
    },
    'unkscm.dat': {
      udp: '416',
      tcp: '416',
      section: '3.3.2',
      reason: 'a scheme that nobody knows',
    },
    'novelsc.dat': {
      udp: '416',
      tcp: '416',
      section: '3.3.3',
      reason: 'a scheme that we do not route',
    },
    'unksm2.dat': {
      udp: '400',
      tcp: '400',
      section: '3.3.4',
      reason: 'a Contact that could never be called; a choice',
    },
    'bext01.dat': {
      udp: '420',
      tcp: '420',
      section: '3.3.5',
      reason: 'with the four option tags in Unsupported',
    },
    'invut.dat': {
      udp: '415',
      tcp: '415',
      section: '3.3.6',
      reason: 'with Accept',
    },
    'regaut01.dat': {
      udp: '200',
      tcp: '200',
      section: '3.3.7',
      reason: 'credentials of an unknown scheme count as none',
    },
    'multi01.dat': {
      udp: '400',
      tcp: '400',
      section: '3.3.8',
      reason: 'headers that may stand only once stand twice',
    },
    'mcl01.dat': {
      udp: '400',
      tcp: 'closed',
      section: '3.3.9',
      reason: 'two lengths: on a stream that is ambiguous',
    },
    'bcast.dat': {
      udp: 'silence',
      tcp: 'silence',
      section: '3.3.10',
      reason: 'a response to nothing of ours',
    },
    'zeromf.dat': {
      udp: '200',
      tcp: '200',
      section: '3.3.11',
      reason: 'an OPTIONS that we answer ourselves needs no further hop',
    },
    'cparam01.dat': {
      udp: '200',
      tcp: '200',
      section: '3.3.12',
      reason: 'an unknown parameter of the header',
    },
    'cparam02.dat': {
      udp: '200',
      tcp: '200',
      section: '3.3.13',
      reason: 'an unknown parameter of the URI',
    },
    'regescrt.dat': {
      udp: '200',
      tcp: '200',
      section: '3.3.14',
      reason: 'kept as it is; it is never called with the header in it',
    },
    'sdp01.dat': {
      udp: '406',
      tcp: '406',
      section: '3.3.15',
      reason: 'the caller accepts no SDP',
    },
    'inv2543.dat': {
      udp: '100',
      tcp: 'closed',
      section: '3.4.1',
      reason: 'RFC 2543 is spoken on datagrams; a stream needs Content-Length',
    },
  },
  rfc5118: {
    'ipv6-good': {
      udp: '200',
      tcp: '200',
      section: '4.1',
      reason: 'a bracketed address',
    },
    'ipv6-bad': {
      udp: '400',
      tcp: '400',
      section: '4.2',
      reason: 'an address without its brackets',
    },
    'port-ambiguous': {
      udp: '200',
      tcp: '200',
      section: '4.3',
      reason: 'inside the brackets it is all address',
    },
    'port-unambiguous': {
      udp: '200',
      tcp: '200',
      section: '4.4',
      reason: 'outside the brackets it is a port',
    },
    'via-received-param-with-delim': {
      udp: '481',
      tcp: '481',
      section: '4.5',
      reason: 'received with brackets; BYE for no dialog of ours',
    },
    'via-received-param-no-delim': {
      udp: '200',
      tcp: '200',
      section: '4.5',
      reason: 'received without brackets',
    },
    'ipv6-in-sdp': {
      udp: '100',
      tcp: '100',
      section: '4.6',
      reason: 'the body is not ours to read',
    },
    'mult-ip-in-header': {
      udp: '481',
      tcp: '481',
      section: '4.7',
      reason: 'both families in the Vias; BYE for no dialog of ours',
    },
    'mult-ip-in-sdp': {
      udp: '100',
      tcp: '100',
      section: '4.8',
      reason: 'the body is not ours to read',
    },
    'ipv4-mapped-ipv6': {
      udp: '100',
      tcp: '100',
      section: '4.9',
      reason: 'an IPv4 address in IPv6 notation',
    },
    'ipv6-bug-abnf-3-colons': {
      udp: '200',
      tcp: '200',
      section: '4.10',
      reason: 'the third colon of the old grammar is tolerated',
    },
    'ipv6-correct-abnf-2-colons': {
      udp: '200',
      tcp: '200',
      section: '4.10',
      reason: 'the corrected grammar',
    },
  },
};
