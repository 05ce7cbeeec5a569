/** The numbers of RTCP's packet types. */
import { expect, test } from '@jest/globals';
import { classify } from '../../../../../gateway/wire/classify.ts';
import { rtcpTypes } from '../../../../../gateway/wire/rtcp/packet.ts';

test('every packet type is told from RTP on a shared port (RFC 5761 §4)', () => {
  for (const type of Object.values(rtcpTypes)) {
    expect(classify(Uint8Array.of(0x80, type), 0, 2)).toBe('rtcp');
  }
});
