/** Compound RTCP packets, parsed and built (RFC 3550 §6.1, reduced size by RFC 5506). */
import { fail, type Result, succeed } from '../../core/result.ts';
import { unreachable } from '../../core/unreachable.ts';
import { buildExtendedReport, parseExtendedReport } from './extended-report.ts';
import {
  APPLICATION_LAYER_FORMAT,
  buildBandwidthEstimate,
  buildFullIntraRequest,
  buildNack,
  buildPictureLoss,
  FULL_INTRA_FORMAT,
  NACK_FORMAT,
  PICTURE_LOSS_FORMAT,
  parseApplicationFeedback,
  parseFullIntraRequest,
  parseNack,
  parsePictureLoss,
} from './feedback.ts';
import { octetsOf, type RtcpFrame, readFrame, startFrame } from './frame.ts';
import { buildGoodbye, parseGoodbye } from './goodbye.ts';
import {
  type Application,
  MOST_RTCP_PACKETS,
  type OtherPacket,
  type RtcpPacket,
  rtcpTypes,
} from './packet.ts';
import {
  buildReceiverReport,
  buildSenderReport,
  parseReceiverReport,
  parseSenderReport,
} from './report.ts';
import { buildSourceDescription, parseSourceDescription } from './source-description.ts';
import {
  buildTransportFeedback,
  parseTransportFeedback,
  TRANSPORT_FEEDBACK_FORMAT,
} from './transport-feedback.ts';

const APPLICATION_BYTES = 8;

/**
 * Every packet of a datagram, in order. Reduced-size RTCP is accepted, so the first may be of any
 * type. Views in the result are valid as long as the buffer beneath them. Faults: `rtcp.truncated`,
 * `rtcp.version`, `rtcp.padding`, `rtcp.too_many`.
 */
export function parseCompound(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Result<RtcpPacket[]> {
  const end = offset + length;
  if (offset < 0 || end > bytes.length) return fail('rtcp.truncated', `${length} octets`);
  const packets: RtcpPacket[] = [];
  for (let at = offset; at < end || packets.length === 0; ) {
    if (packets.length === MOST_RTCP_PACKETS) return fail('rtcp.too_many', 'packets');
    const frame = readFrame(bytes, at, end);
    if (!frame.ok) return frame;
    const packet = parsePacket(frame.value);
    if (!packet.ok) return packet;
    packets.push(packet.value);
    at = frame.value.next;
  }
  return succeed(packets);
}

/** The packets one after the other, as one datagram. */
export function buildCompound(packets: readonly RtcpPacket[]): Uint8Array {
  return Buffer.concat(packets.map(buildPacket));
}

function parsePacket(frame: RtcpFrame): Result<RtcpPacket> {
  switch (frame.packetType) {
    case rtcpTypes.senderReport:
      return parseSenderReport(frame);
    case rtcpTypes.receiverReport:
      return parseReceiverReport(frame);
    case rtcpTypes.sourceDescription:
      return parseSourceDescription(frame);
    case rtcpTypes.goodbye:
      return parseGoodbye(frame);
    case rtcpTypes.application:
      return parseApplication(frame);
    case rtcpTypes.transportFeedback:
      if (frame.count === NACK_FORMAT) return parseNack(frame);
      if (frame.count === TRANSPORT_FEEDBACK_FORMAT) return parseTransportFeedback(frame);
      return succeed(otherPacket(frame));
    case rtcpTypes.payloadFeedback:
      return parsePayloadFeedback(frame);
    case rtcpTypes.extendedReport:
      return parseExtendedReport(frame);
    default:
      return succeed(otherPacket(frame));
  }
}

function parsePayloadFeedback(frame: RtcpFrame): Result<RtcpPacket> {
  if (frame.count === PICTURE_LOSS_FORMAT) return parsePictureLoss(frame);
  if (frame.count === FULL_INTRA_FORMAT) return parseFullIntraRequest(frame);
  if (frame.count === APPLICATION_LAYER_FORMAT) {
    return parseApplicationFeedback(frame, otherPacket(frame));
  }
  return succeed(otherPacket(frame));
}

function parseApplication({ body, count }: RtcpFrame): Result<Application> {
  if (body.byteLength < APPLICATION_BYTES) return fail('rtcp.truncated', 'APP');
  return succeed({
    type: 'application',
    subtype: count,
    ssrc: body.getUint32(0),
    name: String.fromCharCode(...octetsOf(body, 4, 4)),
    data: octetsOf(body, APPLICATION_BYTES, body.byteLength - APPLICATION_BYTES),
  });
}

function otherPacket({ packetType, count, body }: RtcpFrame): OtherPacket {
  return { type: 'other', packetType, count, body: octetsOf(body, 0, body.byteLength) };
}

function buildPacket(packet: RtcpPacket): Uint8Array {
  switch (packet.type) {
    case 'sender-report':
      return buildSenderReport(packet);
    case 'receiver-report':
      return buildReceiverReport(packet);
    case 'source-description':
      return buildSourceDescription(packet);
    case 'goodbye':
      return buildGoodbye(packet);
    case 'application':
      return buildApplication(packet);
    case 'nack':
      return buildNack(packet);
    case 'picture-loss':
      return buildPictureLoss(packet);
    case 'full-intra-request':
      return buildFullIntraRequest(packet);
    case 'bandwidth-estimate':
      return buildBandwidthEstimate(packet);
    case 'transport-feedback':
      return buildTransportFeedback(packet);
    case 'extended-report':
      return buildExtendedReport(packet);
    case 'other':
      return buildOther(packet);
    default:
      return unreachable(packet);
  }
}

function buildApplication({ subtype, ssrc, name, data }: Application): Uint8Array {
  const length = APPLICATION_BYTES + data.length;
  const { bytes, body } = startFrame(rtcpTypes.application, subtype & 0x1f, length);
  body.setUint32(0, ssrc);
  for (let i = 0; i < 4; i += 1) body.setUint8(4 + i, name.charCodeAt(i) & 0x7f);
  octetsOf(body, APPLICATION_BYTES, data.length).set(data);
  return bytes;
}

function buildOther({ packetType, count, body: content }: OtherPacket): Uint8Array {
  const { bytes, body } = startFrame(packetType, count, content.length);
  octetsOf(body, 0, content.length).set(content);
  return bytes;
}
