/** The process of the test call: is told where to call, calls, says what came of it, and ends. */
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { EchoSignalling } from './echo-signalling.ts';
import { placeTestCall } from './test-call.ts';

const outcome = await placeTestCall(JSON.parse(await text(process.stdin)), {
  openSignalling: (request) => EchoSignalling.open(request),
  openClient: async (returned) => {
    const { WebRtcClient } = await import('./webrtc-client.ts');
    return new WebRtcClient(returned);
  },
  now: () => performance.now(),
  wait,
});
// Timers of the library outlive its connection.
process.stdout.write(JSON.stringify(outcome), () => process.exit(0));
