/** Every value of the configuration can be set by a variable whose name is its path. */
import { describe, expect, test } from '@jest/globals';
import { type Environment, readOverrides } from '../../../config/environment.ts';
import { configurationSchema } from '../../../config/schema.ts';
import { fail, succeed } from '../../../gateway/core/result.ts';

function overrides(environment: Environment) {
  return readOverrides(environment, configurationSchema, (path) =>
    path === '/run/secret' ? succeed('hunter2\n') : fail('file.missing', 'no such file'),
  );
}

function only(environment: Environment) {
  const result = overrides(environment);
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value.map(({ path, value }) => [path.join('.'), value]);
}

describe('environment', () => {
  test.each([
    ['CAUSEWAY_HTTP_PORT', '8181', 'http.port', 8181],
    ['CAUSEWAY_SIP_PORT', '5070', 'sip.port', 5070],
    ['CAUSEWAY_WEBRTC_PORT', '11000', 'webrtc.port', 11_000],
    ['CAUSEWAY_RTP_PORTS', '30000-30999', 'rtp.ports', '30000-30999'],
    ['CAUSEWAY_MEDIA_PROCESSES', '2', 'media.processes', 2],
    ['CAUSEWAY_DATA', '/var/lib/causeway', 'data_directory', '/var/lib/causeway'],
    ['CAUSEWAY_WEBRTC_INCLUDE_HOST_ADDRESS', 'false', 'webrtc.include_host_address', false],
    ['CAUSEWAY_RTP_TALK_TIMEOUT_SECONDS', '30', 'rtp.talk_timeout_seconds', 30],
    ['CAUSEWAY_LOG_REDACT', 'address, number', 'log.redact', ['address', 'number']],
    ['CAUSEWAY_TRUNKS_0_SRTP', 'off', 'trunks.0.srtp', 'off'],
    ['CAUSEWAY_TRUNKS_1_MATCH_SOURCES', '[192.0.2.1]', 'trunks.1.match_sources', ['192.0.2.1']],
    ['CAUSEWAY_USERS_0_PASSWORD', '0123', 'users.0.password', '0123'],
    ['CAUSEWAY_JANUS_API_SECRET_FILE', '/run/secret', 'janus.api_secret', 'hunter2'],
    [
      'CAUSEWAY_EXTENSIONS',
      '[{name: e, application: echo}]',
      'extensions',
      [{ name: 'e', application: 'echo' }],
    ],
    ['CAUSEWAY_HTTPS_KEY_FILE', '/etc/key.pem', 'https.key_file', '/etc/key.pem'],
  ])('%s=%s sets %s', (variable, text, path, value) => {
    expect(only({ [variable]: text })).toEqual([[path, value]]);
  });

  test('CAUSEWAY_LISTEN_ADDRESS is the only interface, advertised as itself or as told', () => {
    expect(only({ CAUSEWAY_LISTEN_ADDRESS: '192.0.2.1' })).toEqual([
      ['interfaces', [{ name: 'default', bind: '192.0.2.1' }]],
    ]);
    expect(only({ CAUSEWAY_LISTEN_ADDRESS: '10.0.0.5/192.0.2.1' })).toEqual([
      ['interfaces', [{ name: 'default', bind: '10.0.0.5', advertise: '192.0.2.1' }]],
    ]);
  });

  test('a list comes before what is set inside it', () => {
    const paths = only({ CAUSEWAY_TRUNKS_0_NAME: 'a', CAUSEWAY_TRUNKS: '[]' }).map(
      ([path]) => path,
    );
    expect(paths).toEqual(['trunks', 'trunks.0.name']);
  });

  test('what is empty or someone else’s is left alone', () => {
    expect(only({ CAUSEWAY_SIP_PORT: '', HOME: '/root', CAUSEWAY_CONFIG: 'x.yaml' })).toEqual([]);
  });

  test.each([
    'CAUSEWAY_HTPP_PORT',
    'CAUSEWAY_TRUNKS_X',
    'CAUSEWAY_SIP_PORT_FILE',
    'CAUSEWAY_SIP_PORTS',
  ])('the misspelt %s is refused by name', (variable) => {
    expect(overrides({ [variable]: '1' })).toEqual(
      fail('configuration.unknown-variable', `${variable}: no key of the configuration`),
    );
  });

  test('a secret’s file that can’t be read is refused with variable, path and reason', () => {
    expect(overrides({ CAUSEWAY_JANUS_API_SECRET_FILE: '/nowhere' })).toEqual(
      fail('configuration.secret-file', 'CAUSEWAY_JANUS_API_SECRET_FILE: /nowhere: no such file'),
    );
  });
});
