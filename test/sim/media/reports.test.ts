/** RTCP, terminated on each leg: who hears which report, and what it makes known. */
import { describe, expect, test } from '@jest/globals';
import { RTP } from '../../../gateway/media-contract/transport.ts';
import { buildCompound } from '../../../gateway/wire/rtcp/compound.ts';
import { middleOf } from '../../../gateway/wire/rtcp/ntp.ts';
import type { RtcpPacket, SenderReport } from '../../../gateway/wire/rtcp/packet.ts';
import { audio, codec, GATEWAY, PCMU, SimulatedMedia, VP8 } from './support/simulated-media.ts';
import { SimulatedPhone } from './support/simulated-phone.ts';

function echo(plan = audio([PCMU])) {
  const media = new SimulatedMedia({ seed: 3 });
  const phone = new SimulatedPhone(media, {
    host: '203.0.113.1',
    port: 4000,
    ssrc: 0xf0,
    mark: 1,
    payloadType: plan.receive[0]!.payloadType,
  });
  const local = media.openLeg('leg', RTP);
  media.do(
    {
      op: 'configure-leg',
      leg: 'leg',
      remote: { address: '203.0.113.1', rtpPort: 4000, rtcpPort: 4001 },
      media: [plan],
    },
    { op: 'set-source', leg: 'leg', source: { kind: 'echo' } },
  );
  phone.target = `${GATEWAY}:${local.rtpPort}`;
  const sendRtcp = (...packets: RtcpPacket[]) =>
    media.network.send(
      phone.rtcpAddress,
      `${GATEWAY}:${local.rtcpPort}`,
      buildCompound(packets),
      media.now,
    );
  return { media, phone, sendRtcp };
}

function senderReports(phone: SimulatedPhone): SenderReport[] {
  return phone.reports.filter((packet) => packet.type === 'sender-report');
}

describe('reports to a peer', () => {
  test('come at randomised intervals of 2.5 to 7.5 s, with a CNAME', () => {
    const { media, phone } = echo();
    media.advance(60_000);
    const reports = senderReports(phone);
    expect(reports.length).toBeGreaterThanOrEqual(8);
    expect(reports.length).toBeLessThanOrEqual(24);
    const described = phone.reports.filter(({ type }) => type === 'source-description');
    expect(described).toHaveLength(reports.length);
    expect(described[0]).toMatchObject({ chunks: [{ cname: expect.stringMatching(/^\w{16}$/) }] });
  });

  test('count what was sent, and tell timestamp and wall clock of one instant', () => {
    const { media, phone } = echo();
    media.advance(30_000);
    const report = senderReports(phone).at(-1)!;
    expect(report.octetCount).toBe(report.packetCount * 160);
    expect(report.ssrc).toBe(phone.heard[0]!.ssrc);
    const [a, b] = senderReports(phone).slice(-2);
    const seconds = b!.ntp.seconds - a!.ntp.seconds + (b!.ntp.fraction - a!.ntp.fraction) / 2 ** 32;
    expect((b!.rtpTimestamp - a!.rtpTimestamp) / 8000).toBeCloseTo(seconds, 1);
  });

  test('count what was lost', () => {
    const { media, phone } = echo();
    media.advance(1_000);
    media.network.conditions = { delayMs: 1, jitterMs: 0, lossShare: 0.3, duplicateShare: 0 };
    media.advance(20_000);
    media.network.conditions = { ...media.network.conditions, lossShare: 0 };
    media.advance(8_000);
    const blocks = phone.reports.flatMap((packet) => ('reports' in packet ? packet.reports : []));
    const last = blocks.at(-1)!;
    expect(last.ssrc).toBe(0xf0);
    expect(last.cumulativeLost).toBeGreaterThan(200);
    expect(Math.max(...blocks.map(({ fractionLost }) => fractionLost))).toBeGreaterThan(50);
    expect(media.eventsOf('leg-slow-link').some(({ uplink }) => !uplink)).toBe(true);
  });

  test('echo the peer’s own report with the time since', () => {
    const { media, phone, sendRtcp } = echo();
    media.advance(500);
    const ntp = { seconds: 0xdada0001, fraction: 0x80000000 };
    const counts = { rtpTimestamp: 0, packetCount: 0, octetCount: 0, reports: [] };
    sendRtcp({ type: 'sender-report', ssrc: 0xf0, ntp, ...counts });
    media.advance(8_000);
    const block = phone.reports.flatMap((packet) => ('reports' in packet ? packet.reports : []))[0];
    expect(block!.lastSenderReport).toBe(middleOf(ntp));
    expect(block!.delaySinceLastSenderReport).toBeGreaterThan(0.5 * 65536);
  });
});

describe('reports from a peer', () => {
  test('give loss, jitter and round trip of what is sent', () => {
    const { media, phone, sendRtcp } = echo();
    media.network.conditions = { delayMs: 40, jitterMs: 0, lossShare: 0, duplicateShare: 0 };
    media.advance(8_000);
    const report = senderReports(phone).at(-1)!;
    const reportedAt = media.now;
    sendRtcp({
      type: 'receiver-report',
      ssrc: 0xf0,
      reports: [
        {
          ssrc: report.ssrc,
          fractionLost: 0,
          cumulativeLost: 7,
          highestSequence: 1,
          jitter: 80,
          lastSenderReport: middleOf(report.ntp),
          delaySinceLastSenderReport: 0,
        },
      ],
    });
    media.advance(50);
    const reply = media.execute({ op: 'statistics', leg: 'leg' });
    const [sent] = reply.op === 'statistics' ? reply.statistics.sent : [];
    expect(sent).toMatchObject({ lost: 7, jitterMs: 10 });
    const sentAt = (report.ntp.seconds - 2_208_988_800 - 1_700_000_000) * 1000;
    expect(sent!.roundTripMs).toBeGreaterThanOrEqual(40);
    expect(sent!.roundTripMs).toBeLessThanOrEqual(reportedAt - sentAt + 41);
  });

  test('cannot end a call with a goodbye, nor hurt it with garbage', () => {
    const { media, phone, sendRtcp } = echo();
    media.advance(500);
    sendRtcp({ type: 'goodbye', sources: [0xf0] });
    media.network.send(
      phone.rtcpAddress,
      `${GATEWAY}:20001`,
      new Uint8Array(8).fill(0x81),
      media.now,
    );
    const heard = phone.heard.length;
    media.advance(500);
    expect(phone.heard.length - heard).toBeGreaterThan(20);
    expect(media.eventsOf('leg-failed')).toHaveLength(0);
  });

  test('that miss a picture ask its source for a new one, twice a second at most', () => {
    const { media, phone, sendRtcp } = echo({ ...audio([VP8]), kind: 'video' });
    media.advance(500);
    const mediaSsrc = phone.heard[0]!.ssrc;
    for (let i = 0; i < 20; i += 1) {
      sendRtcp({ type: 'picture-loss', senderSsrc: 0xf0, mediaSsrc });
      media.advance(50);
    }
    const asked = phone.reports.filter(({ type }) => type === 'picture-loss');
    expect(asked.length).toBeGreaterThanOrEqual(2);
    expect(asked.length).toBeLessThanOrEqual(3);
    expect(asked[0]).toMatchObject({ mediaSsrc: 0xf0 });
  });
});

describe('a leg that hears nothing', () => {
  test('is told as silent after a second and as timed out after a minute, once', () => {
    const { media, phone } = echo(audio([PCMU, codec('telephone-event', 101, 8000)]));
    media.advance(1_000);
    phone.isTalking = false;
    media.advance(3_000);
    const receiving = media.eventsOf('leg-receiving').map((event) => event.receiving);
    expect(receiving).toEqual([true, false]);
    media.advance(60_000);
    expect(media.eventsOf('leg-timed-out')).toHaveLength(1);
    phone.isTalking = true;
    media.advance(100);
    expect(media.eventsOf('leg-receiving').at(-1)).toMatchObject({ receiving: true });
  });
});
