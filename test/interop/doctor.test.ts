/** `causeway doctor` beside a running gateway: the figures of a real call, or why it has none. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GatewayUnderTest } from './support/gateway-under-test.ts';

const CLI = join(import.meta.dirname, '../../gateway/cli.ts');
const NAT_ADDRESS = '203.0.113.7';
const FIREWALL =
  'table inet firewall { chain input { type filter hook input priority 0; udp dport 10000 drop; }; }';
const FIGURES =
  /✓ echo call +set up in \d+ ms, opus\/48000\/2 both ways, \d\.\d % of 150 packets lost, round trip \d+\.\d ms\n/;

let gateway: GatewayUnderTest;

/** Behind a NAT that doesn't lead back in, under a certificate of its own, with a secret. */
beforeAll(async () => {
  gateway = await GatewayUnderTest.start(({ gatewayAddress }) => ({
    configuration: {
      interfaces: [{ name: 'test', bind: gatewayAddress, advertise: NAT_ADDRESS }],
      janus: { api_secret: 'geheim' },
    },
  }));
}, 60_000);

afterAll(() => gateway?.stop());

interface Ended {
  readonly code: number;
  readonly output: string;
}

function doctor(
  args: readonly string[] = [],
  env: { [name: string]: string } = {},
): Promise<Ended> {
  const [program = '', ...prefix] = gateway.network.prefix;
  const command = [...prefix, process.execPath, CLI, 'doctor', ...args];
  const configuration = { CAUSEWAY_CONFIG: join(gateway.folder, 'causeway.yaml') };
  return new Promise((resolve) => {
    const child = execFile(
      program,
      command,
      { env: { ...process.env, ...configuration, ...env } },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

describe('the doctor', () => {
  test('calls the echo, tells set-up, codec, loss and round trip, and leaves nothing behind', async () => {
    const { code, output } = await doctor();
    expect(output).toMatch(FIGURES);
    expect(code).toBe(0);
    expect(await gateway.ask('/v1/census')).toMatchObject({
      signalling: { calls: { calls: 0 }, janus: { connections: 0, sessions: 0 } },
      media: [{ sessions: 0 }],
    });
  });

  test('places no call where none is wanted', async () => {
    const { code, output } = await doctor(['--no-call']);
    expect(output).toMatch(/✓ gateway +ready\n/);
    expect(output).not.toContain('echo call');
    expect(code).toBe(0);
  });

  test('fails where the API does not take its secret', async () => {
    const { code, output } = await doctor([], { CAUSEWAY_JANUS_API_SECRET: 'other' });
    expect(output).toMatch(/✗ echo call +the Janus API refuses the call: .*403/);
    expect(code).toBe(1);
  });

  test('fails where a firewall holds the WebRTC port, and names the port', async () => {
    await gateway.network.run('nft', FIREWALL);
    const { code, output } = await doctor();
    await gateway.network.run('nft', 'delete table inet firewall');
    expect(output).toMatch(/✗ echo call +ICE does not connect to .* port 10000\/udp/);
    expect(code).toBe(1);
  }, 40_000);
});
