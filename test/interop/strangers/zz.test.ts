import { expect, test } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { Bystanders } from './support/bystanders.ts';
import { MediaProcessUnderTest } from './support/media-process-under-test.ts';
test('x', async () => {
  const media = await MediaProcessUnderTest.start();
  const b = await Bystanders.start(media);
  await wait(3000);
  console.log(await b.stop(), media.output, media.events);
  await media.stop();
  expect(1).toBe(1);
}, 30000);
