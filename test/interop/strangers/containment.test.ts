/** Our own mistakes and limits in the packet loop: noticed, named, kept to one call, within 1 s. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  faultyEnvironment,
  injectFault,
  type NativeFault,
} from '../../support/attack/native-fault.ts';
import { eventually } from '../support/commands.ts';
import { bridge, closeLegs, openPlainLeg, openSdesLeg, type PortLegEnd } from '../support/legs.ts';
import { MediaProcessUnderTest } from '../support/media-process-under-test.ts';
import { Bystanders } from './support/bystanders.ts';

const FAULT_SOCKET = join(tmpdir(), `causeway-faults-${process.pid}.sock`);
const START_MS = 30_000;
const TEST_MS = 20_000;
const TALK_MS = 300;
const SETTLE_MS = 300;
/** How soon a fault has to be noticed, named and contained. */
const WITHIN_MS = 1_000;

describe('a fault inside the packet loop', () => {
  let media: MediaProcessUnderTest;
  let bystanders: Bystanders;
  const ends: PortLegEnd[] = [];

  beforeAll(async () => {
    media = await MediaProcessUnderTest.start({ env: faultyEnvironment(FAULT_SOCKET) });
    bystanders = await Bystanders.start(media);
  }, START_MS);

  afterAll(async () => {
    for (const end of ends) end.close();
    await media.stop();
    rmSync(FAULT_SOCKET, { force: true });
  }, START_MS);

  /** A call whose keys and paths are the newest there are. */
  async function openVictim() {
    const far = await openPlainLeg(media);
    const near = await openSdesLeg(media);
    ends.push(far, near);
    await bridge(media, near, far);
    near.media.start();
    far.media.start();
    await wait(TALK_MS);
    return { near, far };
  }

  test.each([
    ['a throw', 'throw', 'a mistake of ours'],
    ['a stale key', 'stale-key', 'native.stale_handle'],
    ['a stale path', 'stale-path', 'native.stale_handle'],
  ] as const satisfies readonly (readonly [string, NativeFault, string])[])(
    '%s fails the call it belongs to, under its name',
    async (_, fault, name) => {
      const { near, far } = await openVictim();
      const namedBefore = media.logged('media.contained').length;
      await injectFault(FAULT_SOCKET, fault);
      const failure = await eventually(
        'a leg of the victim fails',
        () => [near, far].flatMap(({ leg }) => media.told(leg, 'leg-failed'))[0],
        WITHIN_MS,
      );
      expect(failure.failure).toBe('internal-error');
      expect(failure.detail).toContain(name);
      const line = await eventually(
        'the log names the fault',
        () => media.logged('media.contained')[namedBefore],
        WITHIN_MS,
      );
      expect(line).toMatchObject({ level: 'error', error: expect.stringContaining(name) });
      await closeLegs(media, near, far);
    },
    TEST_MS,
  );

  test(
    'a send queue that is full is named, and every call goes on',
    async () => {
      const { near, far } = await openVictim();
      await injectFault(FAULT_SOCKET, 'full-queue');
      const line = await eventually(
        'the log names the full queue',
        () => media.logged('media.send_queue_full')[0],
        WITHIN_MS,
      );
      expect(line).toMatchObject({ level: 'warn', count: expect.any(Number) });
      await wait(TALK_MS);
      near.media.stop();
      far.media.stop();
      await wait(SETTLE_MS);
      expect(near.media.sent - far.media.heardFrom(near.media)).toBe(0);
      expect(far.media.sent - near.media.heardFrom(far.media)).toBe(0);
      await closeLegs(media, near, far);
    },
    TEST_MS,
  );

  test('that is contained hurts no call of others', async () => {
    expect(await bystanders.stop()).toMatchObject({ hurt: [], failures: 0 });
  });

  test(
    'that belongs to no leg ends the process at once, with its cause in the log',
    async () => {
      await openVictim();
      await injectFault(FAULT_SOCKET, 'throw-outside');
      expect(await media.ends(WITHIN_MS)).toBe(1);
      expect(media.logged('process.crashed')[0]).toMatchObject({
        level: 'error',
        stack: expect.stringContaining('a mistake outside of every leg'),
      });
    },
    TEST_MS,
  );
});
