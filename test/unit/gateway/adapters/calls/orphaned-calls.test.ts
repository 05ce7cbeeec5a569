/** Calls whose signalling died: their SIP dialogs are ended by the one that comes after. */
import { describe, expect, test } from '@jest/globals';
import { endOrphan, recoveryOf } from '../../../../../gateway/adapters/calls/orphaned-calls.ts';
import { SipEndpoint } from '../../../../../gateway/sip/endpoint.ts';
import { acceptAll, Network, optionsAt } from '../../../../sim/sip/sip-network.ts';
import { phoneSdp } from '../../../../support/call/peer-description.ts';

const OURS = '10.0.0.1';
const PHONE = '10.0.0.2';

function answeredCall() {
  const network = new Network();
  const gateway = network.add(OURS);
  const phone = network.add(PHONE);
  const body = { contentType: 'application/sdp', content: Buffer.from(phoneSdp()) };
  phone.onEvent = (event) => {
    if (event.type !== 'incoming-invite') return;
    network.command(phone, { type: 'respond', request: event.request, status: 200, body });
  };
  network.command(gateway, {
    type: 'invite',
    leg: 'callee',
    requestUri: `sip:bob@${PHONE}`,
    from: `<sip:alice@${OURS}>`,
    to: `<sip:bob@${PHONE}>`,
    body,
  });
  network.run(60_000);
  return { network, gateway, phone };
}

describe('an orphaned call', () => {
  test('is hung up on by a fresh endpoint, from what was left with media', () => {
    const { network, gateway, phone } = answeredCall();
    const legs = [
      { leg: 'callee', signalling: 'sip' },
      { leg: 'browser', signalling: 'janus' },
    ];
    const recovery = JSON.parse(JSON.stringify(recoveryOf(gateway.endpoint, 'call', legs)));
    expect(recovery.sip).toHaveLength(1);
    const fresh = new SipEndpoint(optionsAt(OURS), acceptAll, gateway.random);
    const ended = endOrphan(fresh, recovery, (command) => {
      fresh.handle({ type: 'command', command }, network.now);
    });
    expect(ended).toBe(1);
    for (let output = fresh.poll(); output; output = fresh.poll()) {
      if (output.type !== 'send') continue;
      const text = Buffer.from(output.bytes).toString('latin1');
      expect(text).toMatch(/^BYE sip:bob@10\.0\.0\.2/);
      expect(text).toContain('Reason: Q.850;cause=41');
      network.inject(OURS, PHONE, text);
    }
    expect(phone.eventsOf('ended')).toMatchObject([{ cause: { type: 'bye' } }]);
  });

  test.each([[null], [undefined], ['x'], [{}], [{ version: 2, sip: [] }], [{ version: 1 }]])(
    'that left %j ends nothing',
    (recovery) => {
      const fresh = new SipEndpoint(optionsAt(OURS), acceptAll, {
        bytes: (n) => new Uint8Array(n),
      });
      const ended = endOrphan(fresh, recovery, () => {
        throw new Error('nothing to say');
      });
      expect(ended).toBe(0);
    },
  );
});
