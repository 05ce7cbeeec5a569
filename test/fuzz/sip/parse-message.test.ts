import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SipEndpoint } from '../../../gateway/sip/endpoint.ts';
import { parseMessage } from '../../../gateway/wire/sip/parse-message.ts';
import { serialiseMessage } from '../../../gateway/wire/sip/serialise.ts';
import { StreamFraming } from '../../../gateway/wire/sip/stream-framing.ts';
import { acceptAll, flowBetween, optionsAt } from '../../sim/sip/sip-network.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { SEEDS } from './messages.ts';

interface Mutation {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

const fragments = ['\r\n', ',', ';', '"', '<', '>', ':', '@', '%', '\\', ' ', '\0', 'é', '[', '='];

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(2000),
  remove: fc.nat(40),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.constantFrom(...fragments).map((text) => Buffer.from(text.repeat(3))),
  ),
});

/** A real message, bent in a few places. */
const bent = fc
  .tuple(fc.constantFrom(...SEEDS), fc.array(mutation, { maxLength: 5 }))
  .map(([seed, mutations]) =>
    mutations.reduce<Buffer>((bytes, { at, remove, insert }) => {
      const from = bytes.length === 0 ? 0 : at % bytes.length;
      return Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + remove)]);
    }, seed),
  );

const runs = { numRuns: 3000, seed: 42 };

describe('the SIP parser', () => {
  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        bent,
        fc.constantFrom('datagram' as const, 'stream' as const),
        (bytes, framing) => {
          const parsed = parseMessage(bytes, framing);
          expect(typeof parsed.ok).toBe('boolean');
        },
      ),
      runs,
    );
  });

  test('reads back what it serialised: the same message to the last header', () => {
    fc.assert(
      fc.property(bent, (bytes) => {
        const first = parseMessage(bytes, 'datagram');
        if (!first.ok) return;
        const again = parseMessage(serialiseMessage(first.value), 'stream');
        expect(again).toEqual({ ok: true, value: { ...first.value, content: expect.anything() } });
        const content = again.ok ? Buffer.from(again.value.content) : undefined;
        expect(content).toEqual(Buffer.from(first.value.content));
      }),
      runs,
    );
  });

  test('takes time in proportion to the size: 32 kB of any one character is soon refused', () => {
    for (const fragment of [...fragments, 'a', ' \t', ', ,', ';;', '<>', '"\\"']) {
      const bulk = fragment.repeat(Math.floor(30_000 / fragment.length));
      for (const header of ['Via', 'From', 'Contact', 'Route', 'X']) {
        const text = SEEDS[0]!.toString().replace(/\r\nTo:/, `\r\n${header}: ${bulk}\r\nTo:`);
        const bytes = Buffer.from(text);
        const start = process.cpuUsage().user;
        parseMessage(bytes, 'datagram');
        expect((process.cpuUsage().user - start) / 1000).toBeLessThan(50);
      }
    }
  });
});

describe('the stream framing', () => {
  test('cuts out the same messages however the stream is split', () => {
    const stream = Buffer.concat([SEEDS[0]!, Buffer.from('\r\n\r\n'), SEEDS[0]!, SEEDS[0]!]);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
        const framing = new StreamFraming();
        const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const framed = edges.flatMap((edge, index) =>
          framing.push(stream.subarray(edge, edges[index + 1] ?? stream.length)),
        );
        const messages = framed.filter((item) => item.type === 'message');
        expect(messages.map((item) => Buffer.from(item.bytes))).toEqual([
          SEEDS[0],
          SEEDS[0],
          SEEDS[0],
        ]);
        expect(framing.isPartial).toBe(false);
      }),
      { numRuns: 300, seed: 42 },
    );
  });

  test('never throws and holds no more than one head and body', () => {
    fc.assert(
      fc.property(fc.array(bent, { maxLength: 4 }), (chunks) => {
        const framing = new StreamFraming();
        for (const chunk of chunks) framing.push(chunk);
      }),
      { numRuns: 1000, seed: 42 },
    );
  });
});

describe('the endpoint', () => {
  test('survives any datagrams, and 64*T1 later only calls that were accepted are left', () => {
    fc.assert(
      fc.property(fc.array(bent, { maxLength: 6 }), (datagrams) => {
        const endpoint = new SipEndpoint(optionsAt('192.0.2.9'), acceptAll, new SeededRandom(1));
        const flow = flowBetween('192.0.2.9', '198.51.100.1', 'udp');
        const asked = new Set<string>();
        for (const bytes of datagrams) {
          endpoint.handle({ type: 'received', bytes, flow }, 0);
          for (let output = endpoint.poll(); output; output = endpoint.poll()) {
            if (output.type !== 'event' || !('request' in output.event)) continue;
            asked.add(output.event.request);
          }
        }
        for (const request of asked) {
          endpoint.handle(
            { type: 'command', command: { type: 'respond', request, status: 480 } },
            1,
          );
        }
        for (let now = 500; now <= 40_000; now += 500) endpoint.handleTimeout(now);
        const { transactions, legs, dialogs, requests } = endpoint.counts();
        expect({ transactions, legs, dialogs, requests }).toEqual({
          transactions: 0,
          legs: 0,
          dialogs: 0,
          requests: 0,
        });
      }),
      { numRuns: 500, seed: 42 },
    );
  });
});
