/** Codecs as SDP writes them. */
import { expect, test } from '@jest/globals';
import { codecAttributes, readCodecs } from '../../../../gateway/offer-answer/codec-lines.ts';
import type { SdpMedia } from '../../../../gateway/wire/sdp/session-description.ts';
import { audioCodecs, codec, described, lineOf } from './examples.ts';

function media(formats: string[], ...attributes: [name: string, value: string][]): SdpMedia {
  return {
    media: 'audio',
    port: 1,
    protocol: 'RTP/AVP',
    formats,
    bandwidths: [],
    attributes: attributes.map(([name, value]) => ({ name, value })),
  };
}

test('Chromium’s audio codecs are read in order with parameters and feedback', () => {
  const codecs = lineOf(described('chromium-audio-offer')).codecs;
  expect(
    codecs.map(
      ({ name, clockRate, channels, payloadType }) =>
        `${payloadType} ${name}/${clockRate}/${channels}`,
    ),
  ).toEqual([
    '111 opus/48000/2',
    '63 red/48000/2',
    '9 g722/8000/1',
    '0 pcmu/8000/1',
    '8 pcma/8000/1',
    '13 cn/8000/1',
    '110 telephone-event/48000/1',
    '126 telephone-event/8000/1',
  ]);
  expect(codecs[0]).toMatchObject({
    parameters: { minptime: '10', useinbandfec: '1' },
    feedback: ['transport-cc'],
  });
  expect(codecs[1]?.parameters).toEqual({ '111/111': '' });
});

test('a payload type without rtpmap means what RFC 3551 says, an unknown one nothing', () => {
  const names = readCodecs(media(['0', '3', '8', '9', '13', '18', '96', '1000', 'x'])).map(
    ({ name }) => name,
  );
  expect(names).toEqual(['pcmu', 'gsm', 'pcma', 'g722', 'cn', 'g729']);
});

test('opus/48000 without channels is taken for the stereo it must be (RFC 7587 §7)', () => {
  expect(readCodecs(media(['96'], ['rtpmap', '96 opus/48000']))[0]).toMatchObject({ channels: 2 });
});

test('parameter names lose their case, their values and bare tokens keep it', () => {
  const line = '96  Packetization-Mode = 1 ; 0-15,66;; sprop=Ab== ;X=';
  const [one] = readCodecs(media(['96'], ['rtpmap', '96 H264/90000'], ['fmtp', line]));
  expect(one?.parameters).toEqual({
    'packetization-mode': '1',
    '0-15,66': '',
    sprop: 'Ab==',
    x: '',
  });
});

test('feedback for all payload types goes to each', () => {
  const codecs = readCodecs(
    media(['0', '8'], ['rtcp-fb', '* trr-int 5000'], ['rtcp-fb', '8 nack']),
  );
  expect(codecs.map(({ feedback }) => feedback)).toEqual([
    ['trr-int 5000'],
    ['trr-int 5000', 'nack'],
  ]);
});

test('the first of two maps counts, a format counts once, and broken maps are left out', () => {
  const codecs = readCodecs(
    media(
      ['96', '96', '97', '98', '99'],
      ['rtpmap', '96 opus/48000/2'],
      ['rtpmap', '96 PCMU/8000'],
      ['rtpmap', '97 opus'],
      ['rtpmap', '98 x/0'],
      ['rtpmap', '99 x/8000/0'],
    ),
  );
  expect(codecs.map(({ name }) => name)).toEqual(['opus']);
});

test('names that objects inherit are parameters like others', () => {
  const [one] = readCodecs(media(['0'], ['fmtp', '0 __proto__=1;constructor=2']));
  expect(Object.entries(one!.parameters)).toEqual([
    ['__proto__', '1'],
    ['constructor', '2'],
  ]);
});

test('what is written is read back', () => {
  const codecs = [
    ...audioCodecs,
    codec('vp8', 96, { clockRate: 90_000, feedback: ['nack', 'nack pli'] }),
  ];
  const written = media(codecs.map(({ payloadType }) => `${payloadType}`));
  expect(readCodecs({ ...written, attributes: codecAttributes(codecs) })).toEqual(codecs);
});

test('names of RFC 3551 are written in capitals, telephone-event is not', () => {
  const values = codecAttributes(audioCodecs).map(({ value }) => value);
  expect(values).toContain('0 PCMU/8000');
  expect(values).toContain('101 telephone-event/8000');
  expect(values).toContain('101 0-16');
});
