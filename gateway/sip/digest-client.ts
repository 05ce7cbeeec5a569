/** Digest as a client: which challenges of a 401 or 407 are answered, and how (RFC 3261 §22). */
import {
  type AuthenticationValue,
  BARE_IN_CREDENTIALS,
  parseAuthentication,
  serialiseDigest,
} from '../wire/sip/challenge.ts';
import { headerFields, type SipHeader, type SipResponse } from '../wire/sip/message.ts';
import { algorithmNamed, digestResponse, ha1Of } from './digest.ts';
import type { DigestAlgorithm, DigestCredentials } from './endpoint-contract.ts';
import type { RequestDraft } from './request-draft.ts';

export interface ChallengeQuestion {
  readonly response: SipResponse;
  readonly draft: RequestDraft;
  readonly cnonce: string;
  /** Only answers for the realm that owns the account. */
  credentials(realm: string): DigestCredentials | undefined;
}

/**
 * The draft's headers with credentials for one challenge of each realm, the first whose algorithm
 * we know (RFC 8760 §2.4); undefined when some realm cannot be answered, for then trying again is
 * in vain.
 */
export function answerChallenges(question: ChallengeQuestion): readonly SipHeader[] | undefined {
  const { response, draft } = question;
  const proxy = response.status === 407;
  const name = proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate';
  const answerName = proxy ? 'Proxy-Authorization' : 'Authorization';
  const byRealm = new Map<string, SipHeader | undefined>();
  for (const text of headerFields(response.headers, name)) {
    const challenge = parseAuthentication(text);
    const realm = challenge?.parameters.get('realm');
    if (challenge?.scheme !== 'digest' || realm === undefined) continue;
    if (byRealm.get(realm) !== undefined) continue;
    const value = answerOne(question, challenge, realm);
    byRealm.set(realm, value === undefined ? undefined : { name: answerName, value });
  }
  const answers = [...byRealm.values()];
  if (answers.length === 0 || answers.includes(undefined)) return undefined;
  const others = draft.headers.filter((header) => !byRealm.has(realmOf(header) ?? ''));
  return [...others, ...answers.filter((answer) => answer !== undefined)];
}

function answerOne(
  question: ChallengeQuestion,
  challenge: AuthenticationValue,
  realm: string,
): string | undefined {
  const { parameters } = challenge;
  const algorithm = algorithmNamed(parameters.get('algorithm'));
  const nonce = parameters.get('nonce');
  const isStale = parameters.get('stale')?.toLowerCase() === 'true';
  if (algorithm === undefined || nonce === undefined) return undefined;
  // Refused once with the same nonce still fresh: the credentials are wrong.
  if (!isStale && question.draft.headers.some((header) => realmOf(header) === realm)) {
    return undefined;
  }
  const offered = parameters.get('qop');
  const qop = offered === undefined ? undefined : 'auth';
  // A peer that insists on auth-int is not answered.
  if (offered !== undefined && !/(^|[\s,])auth([\s,]|$)/i.test(offered)) return undefined;
  const credentials = question.credentials(realm);
  const ha1 = credentials && ha1Of(credentials, realm, algorithm);
  if (credentials === undefined || ha1 === undefined) return undefined;
  return credentialsValue(question, { algorithm, nonce, qop, realm, ha1 }, credentials.username, [
    // An algorithm that was not named is not named back: some old servers choke on it.
    ['algorithm', parameters.get('algorithm')],
    ['opaque', parameters.get('opaque')],
  ]);
}

/** The realm that a credentials header of ours is for. */
function realmOf(header: SipHeader): string | undefined {
  if (header.name !== 'Authorization' && header.name !== 'Proxy-Authorization') return undefined;
  return parseAuthentication(header.value)?.parameters.get('realm');
}

interface Answer {
  readonly algorithm: DigestAlgorithm;
  readonly nonce: string;
  readonly qop: 'auth' | undefined;
  readonly realm: string;
  readonly ha1: string;
}

function credentialsValue(
  question: ChallengeQuestion,
  answer: Answer,
  username: string,
  echoed: readonly (readonly [string, string | undefined])[],
): string {
  const { method, requestUri: uri } = question.draft;
  const { algorithm, nonce, qop, realm, ha1 } = answer;
  // Every challenge is answered afresh, so a nonce is never used twice.
  const nc = qop && '00000001';
  const cnonce = qop && question.cnonce;
  const response = digestResponse(ha1, { algorithm, method, uri, nonce, qop, nc, cnonce });
  return serialiseDigest(
    [
      ['username', username],
      ['realm', realm],
      ['nonce', nonce],
      ['uri', uri],
      ['response', response],
      ...echoed,
      ['qop', qop],
      ['cnonce', cnonce],
      ['nc', nc],
    ],
    BARE_IN_CREDENTIALS,
  );
}
