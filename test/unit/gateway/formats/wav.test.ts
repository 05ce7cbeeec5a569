/** WAVE files. */
import { describe, expect, test } from '@jest/globals';
import { buildWav, parseWav } from '../../../../gateway/formats/wav.ts';

const audio = { sampleRate: 8000, channels: 2, samples: Int16Array.of(0, 1, -1, 32767, -32768, 5) };

const faultOf = (bytes: Uint8Array) => {
  const result = parseWav(bytes);
  return result.ok ? undefined : result.fault.code;
};

/** A file whose chunks are given as name and content. */
function riff(...chunks: [name: string, content: Uint8Array][]): Uint8Array {
  const parts = chunks.flatMap(([name, content]) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(content.length);
    return [Buffer.from(name), length, content, Buffer.alloc(content.length % 2)];
  });
  return Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), ...parts]);
}

const format = buildWav(audio).slice(20, 36);

test('what is written is read back', () => {
  expect(parseWav(buildWav(audio))).toEqual({ ok: true, value: audio });
});

test('the header is the usual 44 octets', () => {
  const hexadecimal = Buffer.from(buildWav(audio).subarray(0, 44)).toString('hex');
  expect(hexadecimal).toBe(
    '52494646300000005741564566 6d7420 10000000 0100 0200 401f0000 007d0000 0400 1000 64617461 0c000000'.replaceAll(
      ' ',
      '',
    ),
  );
});

test('other chunks are passed over, odd ones with their padding', () => {
  const file = riff(
    ['LIST', new Uint8Array(3)],
    ['fmt ', format],
    ['fact', new Uint8Array(4)],
    ['data', Uint8Array.of(1, 0, 2, 0)],
  );
  expect(parseWav(file)).toMatchObject({ ok: true, value: { samples: Int16Array.of(1, 2) } });
});

test('the extensible format is PCM where its sub-format says so', () => {
  const extensible = new Uint8Array(40);
  extensible.set(format);
  extensible.set([0xfe, 0xff], 0);
  extensible.set([1, 0], 24);
  expect(parseWav(riff(['fmt ', extensible], ['data', new Uint8Array(2)])).ok).toBe(true);
  expect(faultOf(riff(['fmt ', extensible.with(24, 3)], ['data', new Uint8Array(2)]))).toBe(
    'wav.format',
  );
});

test('a file cut short gives what is there', () => {
  expect(parseWav(buildWav(audio).subarray(0, 49))).toMatchObject({
    ok: true,
    value: { samples: Int16Array.of(0, 1) },
  });
});

describe('What is no PCM of 16 bits is refused', () => {
  test.each([
    ['nothing', new Uint8Array(0), 'wav.not_wav'],
    ['another container', Buffer.from('RIFX\0\0\0\0WAVE'), 'wav.not_wav'],
    ['µ-law', riff(['fmt ', format.with(0, 7)]), 'wav.format'],
    ['eight bits', riff(['fmt ', format.with(14, 8)]), 'wav.format'],
    ['no channel', riff(['fmt ', format.with(2, 0)]), 'wav.format'],
    ['a short format', riff(['fmt ', format.subarray(0, 15)]), 'wav.format'],
    ['data before the format', riff(['data', new Uint8Array(2)]), 'wav.format'],
    ['no data', riff(['fmt ', format]), 'wav.no_data'],
  ])('%s', (_what, bytes, code) => {
    expect(faultOf(bytes)).toBe(code);
  });
});
