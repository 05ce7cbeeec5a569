/** What a peer tells of an SSRC that we send: loss, jitter, round trip (RFC 3550 §6.4.1). */
import type { Millis } from '../../core/time.ts';
import { ntpFromWallClock, roundTripMs } from '../../wire/rtcp/ntp.ts';
import type { ReportBlock } from '../../wire/rtcp/packet.ts';

export class PeerReports {
  lost = 0;
  jitterUnits = 0;
  roundTripMs: Millis | undefined;
  /** Lost between the last two reports. */
  lostLately = 0;
  #isFirst = true;

  note(block: ReportBlock, wallClockMs: number): void {
    this.lostLately = this.#isFirst ? 0 : Math.max(0, block.cumulativeLost - this.lost);
    this.#isFirst = false;
    this.lost = block.cumulativeLost;
    this.jitterUnits = block.jitter;
    const now = ntpFromWallClock(wallClockMs);
    this.roundTripMs =
      roundTripMs(now, block.lastSenderReport, block.delaySinceLastSenderReport) ??
      this.roundTripMs;
  }
}
