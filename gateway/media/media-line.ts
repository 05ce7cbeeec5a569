/** One m-line of a leg with what goes with it: reports to and from the peer, and first words. */
import type { LegMedia } from './relay/leg-media.ts';
import type { SilenceSender } from './relay/silence-sender.ts';
import type { PeerReports } from './rtcp/peer-reports.ts';
import type { Reports } from './rtcp/reports.ts';
import type { SlowLink } from './rtcp/slow-link.ts';

export interface MediaLine {
  readonly media: LegMedia;
  readonly reports: Reports;
  readonly peer: PeerReports;
  readonly slowLink: SlowLink;
  readonly silence: SilenceSender;
}
