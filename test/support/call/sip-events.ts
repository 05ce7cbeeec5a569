/** Events as the SIP endpoint tells them, made from the few things that a test cares about. */
import type { Identity, SipEvent } from '../../../gateway/sip/endpoint-contract.ts';
import type { SipBody } from '../../../gateway/wire/sip/message.ts';
import { parseNameAddress } from '../../../gateway/wire/sip/name-address.ts';
import { parseUri } from '../../../gateway/wire/sip/uri.ts';

export interface InviteParts {
  readonly method?: string;
  readonly leg?: string;
  readonly request?: string;
  readonly identity?: Identity;
  readonly from?: string;
  readonly to?: string;
  readonly remoteAddress?: string;
  readonly body?: SipBody | undefined;
}

export function sdpBody(sdp: string): SipBody {
  return { contentType: 'application/sdp', content: Buffer.from(sdp) };
}

export function incomingInvite(parts: InviteParts): SipEvent & { type: 'incoming-invite' } {
  const { from = '"Phone" <sip:phone@192.0.2.7>', to = 'sip:echo@192.0.2.1' } = parts;
  const { remoteAddress = '192.0.2.7', method = 'INVITE' } = parts;
  return {
    type: 'incoming-invite',
    leg: parts.leg ?? 'leg-1',
    request: parts.request ?? 'request-1',
    identity: parts.identity ?? { kind: 'anonymous', name: '' },
    received: {
      method,
      requestUri: parsed(parseUri(to)),
      from: parsed(parseNameAddress(from)),
      to: parsed(parseNameAddress(`<${to}>`)),
      callId: 'call-id-1',
      headers: [
        { name: 'Max-Forwards', value: '70' },
        { name: 'X-Tenant', value: 'blue' },
      ],
      body: 'body' in parts ? parts.body : sdpBody('v=0'),
      flow: {
        key: 'f',
        transport: 'udp',
        interfaceName: 'lan',
        localAddress: '192.0.2.1',
        localPort: 5060,
        remoteAddress,
        remotePort: 5060,
      },
    },
  };
}

function parsed<T>(result: { ok: true; value: T } | { ok: false }): T {
  if (!result.ok) throw new Error('the test itself is wrong');
  return result.value;
}
