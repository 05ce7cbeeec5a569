/** Loading: defaults, file, environment; and every mistake with its place and reason. */
import { describe, expect, test } from '@jest/globals';
import type { Environment } from '../../../config/environment.ts';
import { loadConfiguration } from '../../../config/load.ts';
import { fail, succeed } from '../../../gateway/core/result.ts';

const FILE = '/etc/causeway/causeway.yaml';

function load(yaml: string, environment: Environment = {}) {
  return loadConfiguration({ CAUSEWAY_CONFIG: FILE, ...environment }, (path) =>
    path === FILE ? succeed(yaml) : fail('file.missing', 'no such file'),
  );
}

function mistakes(yaml: string, environment: Environment = {}): string[] {
  const result = load(yaml, environment);
  return result.ok ? [] : result.fault.detail.split('\n');
}

describe('loading the configuration', () => {
  test('without a file everything is on loopback at the usual ports', () => {
    const result = loadConfiguration({}, () => fail('file.missing', 'never read'));
    expect(result).toMatchObject({
      ok: true,
      value: {
        interfaces: [{ name: 'loopback', bind: '127.0.0.1' }],
        http: { port: 8080 },
        https: { port: 8443 },
        sip: { port: 5060 },
        webrtc: { port: 10_000 },
        rtp: { ports: { first: 20_000, last: 29_999 } },
        users: [],
        trunks: [],
      },
    });
  });

  test('an empty file is the defaults', () => {
    expect(load('')).toEqual(loadConfiguration({}, () => fail('x', 'x')));
  });

  test('the file beats the defaults, the environment beats the file', () => {
    const result = load('sip: { port: 5070 }\nhttp: { port: 8181 }', { CAUSEWAY_SIP_PORT: '5080' });
    expect(result).toMatchObject({ value: { sip: { port: 5080 }, http: { port: 8181 } } });
  });

  test('the environment may reach into a list of the file', () => {
    const yaml = 'trunks:\n  - name: carrier\n    targets: ["sip:192.0.2.1"]\n';
    const result = load(yaml, { CAUSEWAY_TRUNKS_0_TRANSPORT: 'tcp' });
    expect(result).toMatchObject({ value: { trunks: [{ name: 'carrier', transport: 'tcp' }] } });
  });

  test.each([
    ['a wrong type', 'sip:\n  port: five', [`${FILE}:2: sip.port: `]],
    ['a key that does not exist', 'sip:\n\n  prot: 5060', [`${FILE}:3: sip.prot: no such key`]],
    ['a section that does not exist', 'voicemail: {}', [`${FILE}:1: voicemail: no such key`]],
    [
      'a missing key, at what should hold it',
      'users:\n  - ha1: x\n',
      [`${FILE}:2: users.0.name: `, `${FILE}:2: users.0.ha1: `],
    ],
    [
      'a rule between values',
      'http: {port: 1}\nhttps:\n  port: 1',
      [`${FILE}:3: https.port: is http.port`],
    ],
    [
      'two mistakes',
      'http: {port: x}\nlog:\n  level: x',
      [`${FILE}:1: http.port: `, `${FILE}:3: log.level: `],
    ],
    ['text that is no YAML', 'sip:\n  port: [1', [`${FILE}:2: `]],
    ['a key given twice', 'sip: {}\nsip: {}', [`${FILE}:2: `]],
    ['a list where an object stands', '- a', [`${FILE}: `]],
    [
      'a secret’s file that is missing',
      'janus:\n  api_secret_file: s',
      [`${FILE}:2: janus.api_secret_file: no such file`],
    ],
  ])('%s is refused with file, line and key', (_, yaml, expected) => {
    const told = mistakes(yaml);
    expect(told.slice(0, expected.length)).toEqual(
      expected.map((start) => expect.stringContaining(start)),
    );
  });

  test('a wrong value of the environment is told by its variable', () => {
    expect(mistakes('', { CAUSEWAY_SIP_PORT: 'five' })[0]).toContain(
      'CAUSEWAY_SIP_PORT: sip.port: ',
    );
  });

  test('a file that can’t be read is told with its reason', () => {
    const result = loadConfiguration({ CAUSEWAY_CONFIG: 'x.yaml' }, () =>
      fail('f', 'no such file'),
    );
    expect(result).toEqual(fail('configuration.unreadable', 'x.yaml: no such file'));
  });

  test('aliases that would grow without end are refused, not expanded', () => {
    const bomb = ['a: &a [x, x]', 'b: &b [*a, *a]'];
    for (let step = 0; step < 12; step += 1) {
      bomb.push(
        `c${step}: &c${step} [*${step === 0 ? 'b' : `c${step - 1}`}, *${step === 0 ? 'b' : `c${step - 1}`}]`,
      );
    }
    expect(load(bomb.join('\n')).ok).toBe(false);
  });
});
