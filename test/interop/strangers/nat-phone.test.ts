/** A phone behind NAT that tells its private address: heard and hearing, sprayed at or not. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { judgeTone } from '../../support/sound/judge.ts';
import { Program } from '../support/commands.ts';
import { GATEWAY, NAT, NatNetwork, OFFICE, PHONE, STRANGER } from './support/nat-network.ts';
import { PlacedBaresip } from './support/placed-baresip.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PHONE_HERTZ = 500;
const OFFICE_HERTZ = 800;
const JUDGED_SECONDS = 3;
const TALK_MS = 5_500;
const START_MS = 60_000;
const TEST_MS = 60_000;
const PASSWORD = 'only-for-this-test';
const RTP_PORTS = { first: 20_000, last: 20_099 };

const CONFIGURATION = {
  interfaces: [{ name: 'public', bind: GATEWAY }],
  rtp: { ports: `${RTP_PORTS.first}-${RTP_PORTS.last}` },
  media: { processes: 1 },
  users: [{ name: 'alice', password: PASSWORD, codecs: ['pcmu'] }],
  trunks: [{ name: 'office', targets: [`sip:${OFFICE}`], codecs: ['pcmu'] }],
  routes: [
    { from: 'users', called: 'office', to: { trunk: 'office' } },
    { from: 'trunk:office', called: 'alice', to: { user: 'alice' } },
  ],
  log: { level: 'debug', format: 'json' },
};

describe('a phone behind NAT with a private address in its description', () => {
  let network: NatNetwork;
  let folder: string | undefined;
  let gateway: Program;
  let sprayer: Program;

  beforeAll(async () => {
    network = await NatNetwork.make();
    folder = await mkdtemp(join(tmpdir(), 'causeway-nat-'));
    const file = join(folder, 'causeway.yaml');
    await writeFile(file, stringify({ data_directory: join(folder, 'data'), ...CONFIGURATION }));
    gateway = start('gateway', [join(ROOT, 'gateway/main.ts')], { CAUSEWAY_CONFIG: file });
    await gateway.says('gateway.ready');
    const { first, last } = RTP_PORTS;
    const script = join(import.meta.dirname, 'fixtures/sprayer.ts');
    sprayer = start('nat', [script, STRANGER, GATEWAY, String(first), String(last)]);
    await sprayer.says('spraying');
  }, START_MS);

  afterAll(async () => {
    await gateway?.stop();
    await sprayer?.stop();
    await network?.remove();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }, START_MS);

  function start(machine: 'gateway' | 'nat', args: readonly string[], env = {}): Program {
    const [program = '', ...prefix] = network.prefixOf(machine);
    return new Program(program, [...prefix, process.execPath, ...args], { cwd: ROOT, env });
  }

  function startPhone(dials?: string): Promise<PlacedBaresip> {
    return PlacedBaresip.start({
      prefix: network.prefixOf('phone'),
      address: PHONE,
      account: `<sip:alice@${GATEWAY};transport=udp>;auth_pass=${PASSWORD};regint=60;answermode=auto;audio_codecs=PCMU/8000/1`,
      hertz: PHONE_HERTZ,
      ...(dials === undefined ? {} : { dials }),
    });
  }

  function startOffice(dials?: string): Promise<PlacedBaresip> {
    return PlacedBaresip.start({
      prefix: network.prefixOf('nat'),
      address: OFFICE,
      account: `<sip:office@${OFFICE};transport=udp>;regint=0;answermode=auto;audio_codecs=PCMU/8000/1`,
      hertz: OFFICE_HERTZ,
      ...(dials === undefined ? {} : { dials }),
    });
  }

  async function expectSoundBothWays(phone: PlacedBaresip, office: PlacedBaresip): Promise<void> {
    await Promise.all([phone, office].map((each) => each.says('Call established')));
    await wait(TALK_MS);
    const atPhone = await phone.stop();
    const atOffice = await office.stop();
    // The address is hidden as it should be: private in the description, and every port another.
    expect(phone.output).toContain(`c=IN IP4 ${PHONE}`);
    expect(phone.output).toMatch(new RegExp(`rport=(?!5060;)\\d+;received=${NAT}`));
    const seconds = JUDGED_SECONDS;
    const heard = { hz: OFFICE_HERTZ, otherHz: PHONE_HERTZ, seconds };
    const said = { hz: PHONE_HERTZ, otherHz: OFFICE_HERTZ, seconds };
    expect(judgeTone(atPhone.samples, atPhone.sampleRate, heard).problems).toEqual([]);
    expect(judgeTone(atOffice.samples, atOffice.sampleRate, said).problems).toEqual([]);
  }

  test(
    'calls, and both hear each other',
    async () => {
      const office = await startOffice();
      await office.says('baresip is ready');
      const phone = await startPhone(`sip:office@${GATEWAY}`);
      await expectSoundBothWays(phone, office);
    },
    TEST_MS,
  );

  test(
    'is called where its registration came from, and both hear each other',
    async () => {
      const phone = await startPhone();
      await phone.says('200 OK');
      const office = await startOffice(`sip:alice@${GATEWAY}`);
      await expectSoundBothWays(phone, office);
    },
    TEST_MS,
  );

  test('is the only one on that network whom the gateway sends sound', async () => {
    await sprayer.stop();
    expect(sprayer.output).toMatch(/sprayed \d{5,}, received 0$/m);
  });
});
