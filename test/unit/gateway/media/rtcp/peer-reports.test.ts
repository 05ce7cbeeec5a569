import { expect, test } from '@jest/globals';
import { PeerReports } from '../../../../../gateway/media/rtcp/peer-reports.ts';
import { middleOf, ntpFromWallClock } from '../../../../../gateway/wire/rtcp/ntp.ts';

const NOW = 1_700_000_000_000;
const block = (cumulativeLost: number, lastSenderReport = 0, delaySinceLastSenderReport = 0) => ({
  ssrc: 1,
  fractionLost: 0,
  cumulativeLost,
  highestSequence: 0,
  jitter: 16,
  lastSenderReport,
  delaySinceLastSenderReport,
});

test('a peer’s reports give the loss since the last one, and the round trip less the peer’s delay', () => {
  const reports = new PeerReports();
  reports.note(block(5), NOW);
  expect(reports).toMatchObject({ lost: 5, lostLately: 0, jitterUnits: 16 });
  expect(reports.roundTripMs).toBeUndefined();
  const sentAt = middleOf(ntpFromWallClock(NOW));
  reports.note(block(9, sentAt, 65_536), NOW + 1_080);
  expect(reports.lostLately).toBe(4);
  expect(reports.roundTripMs).toBeCloseTo(80, 0);
  reports.note(block(9), NOW + 2_000);
  expect(reports.roundTripMs).toBeCloseTo(80, 0);
});

test('the share that is lost rises at once and is forgotten over a few reports', () => {
  const reports = new PeerReports();
  reports.note({ ...block(5), fractionLost: 64 }, NOW);
  expect(reports.lossPercent).toBe(25);
  reports.note(block(5), NOW);
  expect(reports.lossPercent).toBe(18);
  for (let n = 0; n < 10; n += 1) reports.note(block(5), NOW);
  expect(reports.lossPercent).toBe(0);
});
