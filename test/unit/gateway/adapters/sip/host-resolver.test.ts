import { expect, test } from '@jest/globals';
import { resolveHost } from '../../../../../gateway/adapters/sip/host-resolver.ts';

test('every address of a name gets the transport and port that the URI says or implies', async () => {
  const lookUp = async () => [{ address: '192.0.2.1' }, { address: '2001:db8::1' }];
  const ask = (more: object) => resolveHost({ host: 'x', secure: false, ...more }, lookUp);
  expect(await ask({})).toEqual([
    { transport: 'udp', address: '192.0.2.1', port: 5060 },
    { transport: 'udp', address: '2001:db8::1', port: 5060 },
  ]);
  expect((await ask({ secure: true }))[0]).toMatchObject({ transport: 'tls', port: 5061 });
  expect((await ask({ transport: 'tcp', port: 9 }))[0]).toMatchObject({
    transport: 'tcp',
    port: 9,
  });
});
