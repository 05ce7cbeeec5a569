import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SipEndpoint } from '../../../../gateway/sip/endpoint.ts';
import type { SipTransportName } from '../../../../gateway/sip/endpoint-contract.ts';
import { StreamFraming } from '../../../../gateway/wire/sip/stream-framing.ts';
import { acceptAll, flowBetween, optionsAt } from '../../../sim/sip/sip-network.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';
import { OUTCOMES } from './torture-outcomes.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures');

function load(suite: string, file: string): Buffer {
  const bytes = readFileSync(join(fixtures, suite, file));
  if (suite === 'rfc4475') return bytes;
  // The messages of RFC 5118 lost their carriage returns when they were taken from its text, some
  // their last empty line, and so their lengths are wrong.
  const text = bytes.toString('latin1').replace(/\n/g, '\r\n');
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const sized = head.trimEnd().replace(/Content-Length: \d+/, `Content-Length: ${body.length}`);
  return Buffer.from(`${sized}\r\n\r\n${body}`, 'latin1');
}

/** The statuses sent, `silence`, `closed` or `waits`, in order. */
function outcomeOf(bytes: Uint8Array, transport: SipTransportName): string {
  const options = optionsAt('192.0.2.99', { applicationMethods: ['MESSAGE'] });
  const endpoint = new SipEndpoint(options, acceptAll, new SeededRandom(1));
  const flow = flowBetween('192.0.2.99', '198.51.100.1', transport);
  const outcomes: string[] = [];
  const receive = (message: Uint8Array) => {
    endpoint.handle({ type: 'received', flow, bytes: message }, 0);
    const before = outcomes.length;
    for (let output = endpoint.poll(); output; output = endpoint.poll()) {
      if (output.type === 'send') outcomes.push(Buffer.from(output.bytes).toString().slice(8, 11));
      if (output.type === 'event' && output.event.type === 'incoming-request')
        outcomes.push('passed on');
    }
    if (outcomes.length === before) outcomes.push('silence');
  };
  if (transport === 'udp') {
    receive(bytes);
    return outcomes.join(', ');
  }
  const framing = new StreamFraming();
  for (const framed of framing.push(bytes)) {
    if (framed.type === 'message') receive(framed.bytes);
    else if (framed.type === 'fault') outcomes.push('closed');
  }
  if (framing.isPartial) outcomes.push('waits');
  return outcomes.join(', ');
}

for (const suite of ['rfc4475', 'rfc5118'] as const) {
  describe(`torture messages of ${suite}`, () => {
    const files = readdirSync(join(fixtures, suite)).filter((file) => file !== 'README.md');

    test('all have a row in the table', () => {
      expect(files.sort()).toEqual(Object.keys(OUTCOMES[suite]).sort());
    });

    for (const [file, row] of Object.entries(OUTCOMES[suite])) {
      for (const transport of ['udp', 'tcp'] as const) {
        test(`${file} over ${transport}: ${row[transport]} (${row.section})`, () => {
          expect(outcomeOf(load(suite, file), transport)).toBe(row[transport]);
        });
      }
    }
  });
}
