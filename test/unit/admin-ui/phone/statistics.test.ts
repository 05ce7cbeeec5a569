/** What the page shows of the browser's own counting. */
import { describe, expect, test } from '@jest/globals';
import { browserFacts, lossPercent } from '../../../../admin-ui/phone/statistics.ts';

const CODEC = { type: 'codec', id: 'c1', mimeType: 'audio/opus' };
const OUTBOUND = { type: 'outbound-rtp', kind: 'audio', codecId: 'c1', packetsSent: 500 };
const INBOUND = {
  type: 'inbound-rtp',
  kind: 'audio',
  codecId: 'c1',
  packetsReceived: 480,
  packetsLost: 20,
  jitter: 0.0042,
};
const TOLD = {
  type: 'remote-inbound-rtp',
  kind: 'audio',
  packetsLost: 5,
  jitter: 0.001,
  roundTripTime: 0.0316,
};

describe('what the browser measures', () => {
  test('is given for both ways, in milliseconds', () => {
    expect(browserFacts([CODEC, OUTBOUND, INBOUND, TOLD])).toEqual({
      sent: { codec: 'opus', packets: 500, lost: 5, jitterMs: 1 },
      received: { codec: 'opus', packets: 480, lost: 20, jitterMs: 4 },
      roundTripMs: 32,
    });
  });

  test('is absent while nothing flows, and is not guessed before the gateway reported', () => {
    expect(browserFacts([])).toEqual({});
    expect(browserFacts([OUTBOUND])).toEqual({
      sent: { codec: undefined, packets: 500, lost: 0, jitterMs: undefined },
    });
  });

  test('is of the audio only', () => {
    const video = { ...INBOUND, kind: 'video', packetsReceived: 9 };
    expect(browserFacts([video, INBOUND]).received?.packets).toBe(480);
    expect(browserFacts([video]).received).toBeUndefined();
  });
});

describe('loss', () => {
  test('of what is sent is a share of what was sent', () => {
    expect(lossPercent({ packets: 1_000, lost: 100 }, 'sent')).toBe('10.0 %');
  });

  test('of what is received is a share of that and what is missing', () => {
    expect(lossPercent({ packets: 900, lost: 100 }, 'received')).toBe('10.0 %');
  });

  test.each(['sent', 'received'] as const)('is nothing before the first packet %s', (way) => {
    expect(lossPercent({ packets: 0, lost: 0 }, way)).toBe('0.0 %');
  });

  test('is never negative, though duplicates may count so (RFC 3550 §6.4.1)', () => {
    expect(lossPercent({ packets: 10, lost: -2 }, 'received')).toBe('0.0 %');
  });
});
