/**
 * Tells what a datagram on a shared media port is by its first two octets (RFC 7983 §7, 5761 §4).
 */

export type DatagramKind = 'stun' | 'dtls' | 'rtp' | 'rtcp' | 'unknown';

/**
 * RFC 5761 §4: second octets of RTCP; as RTP they would be the forbidden payload types 64 to 95.
 */
const FIRST_RTCP_TYPE = 192;
const LAST_RTCP_TYPE = 223;

/** SRTP and SRTCP classify as the RTP and RTCP they protect: their first octets are in clear. */
export function classify(bytes: Uint8Array, offset: number, length: number): DatagramKind {
  if (length < 2) return 'unknown';
  const first = bytes[offset]!;
  if (first >= 128 && first <= 191) {
    const second = bytes[offset + 1]!;
    return second >= FIRST_RTCP_TYPE && second <= LAST_RTCP_TYPE ? 'rtcp' : 'rtp';
  }
  if (first <= 3) return 'stun';
  if (first >= 20 && first <= 63) return 'dtls';
  return 'unknown';
}
