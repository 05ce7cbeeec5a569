/** Who may ask for what: the authorisation port and digest, before any state is made. */
import type { SipRequest } from '../wire/sip/message.ts';
import type { DigestServer } from './digest-server.ts';
import type { Flow, Identity } from './endpoint-contract.ts';
import type { SipEnvironment } from './environment.ts';
import { receivedRequest } from './received.ts';
import type { Refusal } from './request-checks.ts';

export type Admission =
  | { readonly type: 'admitted'; readonly identity: Identity }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'dropped' };

/** Asks the port, checks the digest that it wants, and asks again with the user verified. */
export function admit(
  environment: SipEnvironment,
  digest: DigestServer,
  request: SipRequest,
  flow: Flow,
): Admission {
  const { ports, now } = environment;
  const received = receivedRequest(request, flow);
  const verdict = ports.authorise({ received });
  if (verdict.type !== 'challenge') return concluded(verdict);
  const { realm, algorithms = ['MD5'], proxy = false } = verdict;
  const { method, headers } = request;
  const credentials = ports.userCredentials.bind(ports);
  const question = { method, headers, realm, algorithms, proxy, credentials };
  const checked = digest.verify(question, now);
  if (checked.type === 'challenge') {
    return { type: 'refused', refusal: { status: proxy ? 407 : 401, headers: checked.headers } };
  }
  const authenticated = { username: checked.username, realm };
  return concluded(ports.authorise({ received, authenticated }));
}

function concluded(verdict: ReturnType<SipEnvironment['ports']['authorise']>): Admission {
  switch (verdict.type) {
    case 'accept':
      return { type: 'admitted', identity: verdict.identity };
    case 'drop':
      return { type: 'dropped' };
    case 'reject': {
      const { status, reason, headers = [] } = verdict;
      return { type: 'refused', refusal: { status, reason, headers } };
    }
    default:
      // Verified and still not satisfied: another user's name, or a realm of someone else.
      return { type: 'refused', refusal: { status: 403, headers: [] } };
  }
}
