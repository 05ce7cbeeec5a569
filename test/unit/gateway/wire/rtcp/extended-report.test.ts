/** Extended reports. */
import { expect, test } from '@jest/globals';
import { buildExtendedReport } from '../../../../../gateway/wire/rtcp/extended-report.ts';
import { faultOf, octets, parseOne } from './octets.ts';

const report = {
  type: 'extended-report',
  ssrc: 1,
  receiverReferenceTime: { seconds: 0xb44db705, fraction: 0x20000000 },
  delaysSinceReceiverReport: [{ ssrc: 2, lastReceiverReport: 0xb7052000, delay: 65536 }],
} as const;
const TIME = '04000002 b44db705 20000000';
const DELAY = '05000003 00000002 b7052000 00010000';

test('both round-trip blocks are read and written', () => {
  const bytes = octets(`80cf0008 00000001 ${TIME} ${DELAY}`);
  expect(parseOne(bytes)).toEqual(report);
  expect(buildExtendedReport(report)).toEqual(bytes);
});

test('either block stands alone', () => {
  const only = { type: 'extended-report', ssrc: 1, delaysSinceReceiverReport: [] } as const;
  expect(parseOne(buildExtendedReport(only))).toEqual(only);
  const { receiverReferenceTime: _, ...delays } = report;
  expect(parseOne(buildExtendedReport(delays))).toEqual(delays);
});

test('blocks of other types are skipped (RFC 3611 §3)', () => {
  const bytes = octets(`80cf0006 00000001 07000001 deadbeef ${TIME}`);
  expect(parseOne(bytes)).toMatchObject({ receiverReferenceTime: report.receiverReferenceTime });
});

test('a block that overruns is refused, as is a report without a source', () => {
  expect(faultOf(octets('80cf0002 00000001 07000001'))).toBe('rtcp.truncated');
  expect(faultOf(octets('80cf0000'))).toBe('rtcp.truncated');
});
