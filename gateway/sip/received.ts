/** Messages as the call layer sees them. */
import { bodyOf, type SipRequest, type SipResponse } from '../wire/sip/message.ts';
import type { Flow, Hop, ReceivedRequest, ReceivedResponse } from './endpoint-contract.ts';
import { reasonPhrase } from './reason-phrases.ts';

export function receivedRequest(request: SipRequest, flow: Flow): ReceivedRequest {
  return {
    method: request.method,
    requestUri: request.requestUri,
    from: request.from,
    to: request.to,
    callId: request.callId,
    headers: request.headers,
    body: bodyOf(request),
    flow,
  };
}

export function receivedResponse(response: SipResponse, hop: Hop): ReceivedResponse {
  return {
    status: response.status,
    reason: response.reason,
    headers: response.headers,
    body: bodyOf(response),
    source: { address: hop.address, port: hop.port, transport: hop.transport },
  };
}

/** A status that no message carried: a time-out as 408, a transport error as 503 (§8.1.3.1). */
export function localResponse(status: number): ReceivedResponse {
  return { status, reason: reasonPhrase(status), headers: [] };
}
