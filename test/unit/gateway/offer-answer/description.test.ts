/** The presets of media transports. */
import { expect, test } from '@jest/globals';
import { transportPresets } from '../../../../gateway/offer-answer/description.ts';

test('the presets are points of three independent properties', () => {
  expect(transportPresets).toEqual({
    webrtc: { ice: true, keying: 'dtls', rtcp: 'mux' },
    dtls: { ice: false, keying: 'dtls', rtcp: 'pair' },
    sdes: { ice: false, keying: 'sdes', rtcp: 'pair' },
    rtp: { ice: false, keying: 'none', rtcp: 'pair' },
  });
});
