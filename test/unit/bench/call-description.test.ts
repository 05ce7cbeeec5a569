import { describe, expect, test } from '@jest/globals';
import {
  newDtlsKeying,
  newSdesKeying,
  readDescription,
  writeDescription,
} from '../../../bench/call-description.ts';

const endpoint = { address: '127.0.0.1', port: 40000 };

describe('call description', () => {
  test('plain RTP is read as it was written', () => {
    const description = { endpoint, keying: { kind: 'none' as const } };
    expect(readDescription(writeDescription(description))).toEqual(description);
  });

  test('an SDES key is read as it was written, of 30 octets', () => {
    const keying = newSdesKeying();
    expect(readDescription(writeDescription({ endpoint, keying })).keying).toEqual(keying);
    expect(keying.kind === 'sdes' && Buffer.from(keying.key, 'base64')).toHaveLength(30);
  });

  test('session parameters and lifetime after an SDES key are no part of it', () => {
    const key = 'A'.repeat(40);
    const sdp = `c=IN IP4 10.0.0.1\r\nm=audio 6 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}|2^20 X\r\n`;
    expect(readDescription(sdp)).toEqual({
      endpoint: { address: '10.0.0.1', port: 6 },
      keying: { kind: 'sdes', key },
    });
  });

  test('ICE and DTLS are read as they were written', () => {
    const keying = newDtlsKeying('AB:CD');
    expect(readDescription(writeDescription({ endpoint, keying }))).toEqual({ endpoint, keying });
  });

  test('a loopback candidate comes before all others', () => {
    const sdp = writeDescription({ endpoint, keying: newDtlsKeying('AB:CD') }).replace(
      'a=candidate:',
      'a=candidate:9 1 udp 9 192.0.2.1 7 typ host\r\na=candidate:',
    );
    expect(readDescription(sdp).endpoint).toEqual(endpoint);
  });

  test('an answer that wants us to be the DTLS server is refused', () => {
    const sdp = writeDescription({ endpoint, keying: newDtlsKeying('AB:CD') });
    expect(() => readDescription(sdp.replace('actpass', 'active'))).toThrow('passive DTLS role');
  });

  test('a secure profile without the suite is refused', () => {
    const sdp = 'c=IN IP4 10.0.0.1\r\nm=audio 6 RTP/SAVP 0\r\n';
    expect(() => readDescription(sdp)).toThrow('no crypto');
  });
});
