/** A leg's media in its three forms: as opened, as described, as told to media. */
import { describe, expect, test } from '@jest/globals';
import type { Leg } from '../../../../gateway/call/call.ts';
import {
  agreedAudio,
  localMediaOf,
  mediaPlansOf,
  prepareLeg,
  remoteTransportOf,
} from '../../../../gateway/call/leg-media.ts';
import { answeredCall } from '../../../support/call/call-bench.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

function legs(): { readonly browser: Leg; readonly phone: Leg } {
  const [call] = answeredCall().machine.snapshot().calls;
  return { browser: call!.caller, phone: call!.callees[0]! };
}

describe('the media of a browser', () => {
  test('is told with ICE, fingerprints and the part of a DTLS server', () => {
    const { browser } = legs();
    const remote = remoteTransportOf(browser, browser.negotiation!);
    expect(remote?.dtlsRole).toBe('server');
    expect(remote?.ice?.lite).toBe(false);
    expect(remote?.fingerprints?.[0]?.hash).toBe('sha-256');
    expect(remote?.sources).toBeUndefined();
  });

  test('is planned with the source that was announced', () => {
    const { browser } = legs();
    const [plan] = mediaPlansOf(browser.negotiation!);
    expect(plan).toMatchObject({ kind: 'audio', direction: 'sendrecv', ptimeMs: 20 });
    expect(plan?.localSsrc).toBe(browser.source?.ssrc);
    expect(plan?.remoteSsrcs).toHaveLength(1);
  });

  test('keeps its source however often it is prepared', () => {
    const { browser } = legs();
    const before = browser.source;
    prepareLeg(browser, new SeededRandom(9));
    expect(browser.source).toBe(before);
  });
});

describe('the media of a phone', () => {
  test('is told with its address and the sources that it may come from', () => {
    const { phone } = legs();
    expect(remoteTransportOf(phone, phone.negotiation!)).toMatchObject({
      address: '127.0.0.1',
      rtpPort: 40_000,
      rtcpPort: 40_001,
      sources: { mediaNetworks: [], anySource: false },
    });
    expect(remoteTransportOf(phone, phone.negotiation!)?.dtlsRole).toBeUndefined();
  });

  test('is described without ICE, keys or a source, as it is wanted', () => {
    const { phone } = legs();
    phone.wanted = 'sendonly';
    const [media] = localMediaOf(phone, phone.local!, []);
    expect(media).toMatchObject({ direction: 'sendonly', source: undefined, extensions: [] });
    expect(media?.transport).toMatchObject({ fingerprints: [], crypto: [], ice: undefined });
  });

  test('has keys of its own under SDES, which never change', () => {
    const { phone } = legs();
    const secure: Leg = { ...phone, transport: { ice: false, keying: 'sdes', rtcp: 'pair' } };
    prepareLeg(secure, new SeededRandom(1));
    const keys = secure.crypto;
    expect(keys.map(({ suite }) => suite)).toEqual([
      'AES_CM_128_HMAC_SHA1_80',
      'AES_CM_128_HMAC_SHA1_32',
    ]);
    prepareLeg(secure, new SeededRandom(2));
    expect(secure.crypto).toBe(keys);
  });

  test('names the codec in use without the events', () => {
    const { phone } = legs();
    expect(agreedAudio(phone.negotiation)).toEqual(['pcmu']);
    expect(agreedAudio(undefined)).toEqual([]);
  });

  test('has no transport while nothing is agreed on', () => {
    const { phone } = legs();
    expect(remoteTransportOf(phone, { ...phone.negotiation!, agreed: [] })).toBeUndefined();
  });
});
