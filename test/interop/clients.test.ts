import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Program } from './support/commands.ts';
import { GatewayUnderTest } from './support/gateway-under-test.ts';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
}, 60_000);

afterAll(() => gateway?.stop(), 30_000);

/** What of Janode's promises is used here; it comes without types. */
interface Janode {
  connect(options: object): Promise<{ create(): Promise<JanodeSession>; close(): Promise<void> }>;
}
interface JanodeSession {
  attach(plugin: unknown): Promise<JanodePhone>;
  destroy(): Promise<void>;
}
interface JanodePhone {
  register(account: object): Promise<object>;
  call(target: object): Promise<object>;
  detach(): Promise<void>;
}

/** Its transport over Unix datagrams wants a native module, which nothing here needs. */
jest.unstable_mockModule('unix-dgram', () => ({ createSocket: () => undefined }));

async function importDefault(name: string): Promise<unknown> {
  return ((await import(name)) as { readonly default: unknown }).default;
}

/** What a WebRTC client without media would offer; nothing answers it in these tests. */
const OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 0.0.0.0',
  'a=mid:0',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:0123456789abcdef0123456789',
  `a=fingerprint:sha-256 ${Array(32).fill('00').join(':')}`,
  'a=setup:actpass',
  '',
].join('\r\n');

describe('Janode', () => {
  test('registers as a guest, and its call fails with the status of the call', async () => {
    const janode = (await importDefault('janode')) as Janode;
    const connection = await janode.connect({ address: { url: gateway.webSocketUrl } });
    const session = await connection.create();
    const phone = await session.attach(await importDefault('janode/plugins/sip'));
    const username = `sip:janode@${gateway.address}`;
    const registered = await phone.register({ type: 'guest', username });
    expect(registered).toMatchObject({ username, register_sent: false });
    const uri = `sip:nobody@${gateway.address}`;
    const jsep = { type: 'offer', sdp: OFFER };
    await expect(phone.call({ uri, jsep })).rejects.toThrow('404');
    await phone.detach();
    await session.destroy();
    await connection.close();
  }, 30_000);
});

describe('the doctor', () => {
  test('calls the echo and tells its figures', async () => {
    const env = { CAUSEWAY_CONFIG: `${gateway.folder}/causeway.yaml` };
    const [program = '', ...prefix] = gateway.network.prefix;
    const doctor = new Program(program, [...prefix, process.execPath, 'gateway/cli.ts', 'doctor'], {
      env,
    });
    expect(await doctor.ends(40_000)).toBe(0);
    expect(doctor.output).toMatch(
      /✓ echo call +set up in \d+ ms, opus\/48000\/2 both ways, 0\.\d % of 150 packets lost, round trip/,
    );
  }, 60_000);
});
