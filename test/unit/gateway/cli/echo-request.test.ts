import { describe, expect, test } from '@jest/globals';
import { loadConfiguration } from '../../../../config/load.ts';
import { echoRequestTo } from '../../../../gateway/cli/echo-request.ts';
import { succeed } from '../../../../gateway/core/result.ts';

function requestTo(yaml: string) {
  const loaded = loadConfiguration({ CAUSEWAY_CONFIG: 'test.yaml' }, () => succeed(yaml));
  if (!loaded.ok) throw new Error(loaded.fault.detail);
  return echoRequestTo(loaded.value);
}

describe('the echo is called', () => {
  test('in the clear on loopback', () => {
    expect(requestTo('http: { port: 8081 }')).toEqual({
      url: 'ws://127.0.0.1:8081/janus',
      addresses: [],
    });
  });

  test('over TLS where others reach the gateway, at its bound address', () => {
    const yaml = 'interfaces: [{ name: lan, bind: 10.0.0.5, advertise: 203.0.113.7 }]';
    expect(requestTo(yaml)).toMatchObject({
      url: 'wss://10.0.0.5:8443/janus',
      addresses: [['203.0.113.7', '10.0.0.5']],
    });
  });

  test('on loopback where every address is bound', () => {
    const yaml = 'interfaces: [{ name: any, bind: 0.0.0.0, advertise: 203.0.113.7 }]';
    expect(requestTo(yaml)).toMatchObject({
      url: 'wss://127.0.0.1:8443/janus',
      addresses: [['203.0.113.7', '127.0.0.1']],
    });
  });

  test('with the secret and a token, where there are any', () => {
    expect(requestTo('janus: { api_secret: hush, tokens: [coin, note] }')).toMatchObject({
      apiSecret: 'hush',
      token: 'coin',
    });
  });
});
