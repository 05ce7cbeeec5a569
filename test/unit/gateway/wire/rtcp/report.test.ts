/** Sender and receiver reports. */
import { describe, expect, test } from '@jest/globals';
import type { SenderReport } from '../../../../../gateway/wire/rtcp/packet.ts';
import { buildReceiverReport, buildSenderReport } from '../../../../../gateway/wire/rtcp/report.ts';
import { faultOf, octets, parseOne } from './octets.ts';

const block = {
  ssrc: 0x81828384,
  fractionLost: 64,
  cumulativeLost: -2,
  highestSequence: 0x0001fffe,
  jitter: 33,
  lastSenderReport: 0xb7052000,
  delaySinceLastSenderReport: 0x00054000,
};
const blockOctets = '81828384 40fffffe 0001fffe 00000021 b7052000 00054000';
const sender: SenderReport = {
  type: 'sender-report',
  ssrc: 0xfffefdfc,
  ntp: { seconds: 0xb44db705, fraction: 0x20000000 },
  rtpTimestamp: 0x80000000,
  packetCount: 1000,
  octetCount: 160000,
  reports: [block],
};
const senderOctets = octets(
  `81c8000c fffefdfc b44db705 20000000 80000000 000003e8 00027100 ${blockOctets}`,
);
const receiver = { type: 'receiver-report', ssrc: 1, reports: [block, block] } as const;
const receiverOctets = octets(`82c9000d 00000001 ${blockOctets} ${blockOctets}`);

describe('A sender report', () => {
  test('is read', () => expect(parseOne(senderOctets)).toEqual(sender));
  test('is written', () => expect(buildSenderReport(sender)).toEqual(senderOctets));
  test('shorter than its count says is refused', () => {
    expect(faultOf(octets('80c80005 00000001 00000000 00000000 00000000 00000000'))).toBe(
      'rtcp.truncated',
    );
  });
});

describe('A receiver report', () => {
  test('is read', () => expect(parseOne(receiverOctets)).toEqual(receiver));
  test('is written', () => expect(buildReceiverReport(receiver)).toEqual(receiverOctets));
  test('without a block is read', () => {
    expect(parseOne(octets('80c90001 00000001'))).toMatchObject({ ssrc: 1, reports: [] });
  });
  test('of a count that overruns is refused', () => {
    expect(faultOf(octets(`82c90007 00000001 ${blockOctets}`))).toBe('rtcp.truncated');
    expect(faultOf(octets('80c90000'))).toBe('rtcp.truncated');
  });
  test('may carry extensions of a profile behind its blocks', () => {
    expect(parseOne(octets('80c90002 00000001 deadbeef'))).toMatchObject({ reports: [] });
  });
});

test.each([
  [0x900000, 0x7fffff],
  [-0x900000, -0x800000],
])('a loss of %i stops at what 24 bits hold (RFC 3550 A.3)', (cumulativeLost, written) => {
  const bytes = buildReceiverReport({ ...receiver, reports: [{ ...block, cumulativeLost }] });
  expect(parseOne(bytes)).toMatchObject({
    reports: [{ cumulativeLost: written, fractionLost: 64 }],
  });
});

test('more than 31 blocks do not fit: our own mistake', () => {
  const reports = new Array(32).fill(block);
  expect(() => buildReceiverReport({ ...receiver, reports })).toThrow(RangeError);
  expect(() => buildSenderReport({ ...sender, reports })).toThrow(RangeError);
});
