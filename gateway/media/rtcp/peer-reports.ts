/** What a peer tells of an SSRC that we send: loss, jitter, round trip (RFC 3550 §6.4.1). */
import type { Millis } from '../../core/time.ts';
import { ntpFromWallClock, roundTripMs } from '../../wire/rtcp/ntp.ts';
import type { ReportBlock } from '../../wire/rtcp/packet.ts';

/** What a report without loss leaves of the share before it, so that bursts are remembered. */
const LOSS_MEMORY = 0.75;

export class PeerReports {
  lost = 0;
  jitterUnits = 0;
  roundTripMs: Millis | undefined;
  /** Lost between the last two reports. */
  lostLately = 0;
  /** The share of what we send that gets lost, in percent; it rises at once and falls slowly. */
  lossPercent = 0;
  #isFirst = true;

  note(block: ReportBlock, wallClockMs: number): void {
    this.lostLately = this.#isFirst ? 0 : Math.max(0, block.cumulativeLost - this.lost);
    this.#isFirst = false;
    this.lost = block.cumulativeLost;
    const percent = (block.fractionLost * 100) / 256;
    this.lossPercent = Math.max(percent, Math.floor(this.lossPercent * LOSS_MEMORY));
    this.jitterUnits = block.jitter;
    const now = ntpFromWallClock(wallClockMs);
    this.roundTripMs =
      roundTripMs(now, block.lastSenderReport, block.delaySinceLastSenderReport) ??
      this.roundTripMs;
  }
}
