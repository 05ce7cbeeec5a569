import { expect, test } from '@jest/globals';
import { Secret } from '../../../../gateway/core/log.ts';
import { echoTest } from '../../../../gateway/janus/plugins/echotest.ts';
import { serverInfo } from '../../../../gateway/janus/server-info.ts';
import { OPTIONS } from './face-bench.ts';

test('times are told in seconds, and secrets only as being there', () => {
  const info = serverInfo({ ...OPTIONS, apiSecret: new Secret('hush') }, [echoTest], true);
  expect(info).toMatchObject({
    'session-timeout': 60,
    'reclaim-session-timeout': 0,
    api_secret: true,
    auth_token: false,
    plugins: { 'janus.plugin.echotest': { name: 'Echo test', version: 1 } },
  });
  expect(JSON.stringify(info)).not.toContain('hush');
});
