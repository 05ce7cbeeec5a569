/** A plain SIP phone over UDP for benchmarks: it calls, it answers at once, it hangs up.
 *
 * It has what RFC 3261 asks of both ends of an INVITE dialog over an unreliable transport and no
 * more: retransmission (sections 17.1.1.2, 17.1.2.2 and 13.3.1.4), ACK to every final response,
 * route sets, BYE. Everything is sent to the one peer that it was opened for.
 */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Endpoint } from './call-description.ts';
import {
  branchOf,
  calledUser,
  headerOf,
  headersOf,
  methodOf,
  readSip,
  recordRoutes,
  type SipHeader,
  type SipMessage,
  statusOf,
  uriIn,
  writeSip,
} from './sip-message.ts';

const T1_MS = 500;
const T2_MS = 4000;
const GIVE_UP_MS = 64 * T1_MS;
const BRANCH_COOKIE = 'z9hG4bK';

export interface OutgoingCall {
  /** The SDP of the 200. */
  readonly answer: string;
  hangUp(): Promise<void>;
}

/** Gives the SDP to answer an offer with, or undefined for a number nobody has (404). */
export type Answerer = (called: string, offer: string) => string | undefined;

interface PendingRequest {
  onResponse(response: SipMessage): void;
}

export class SipPhone {
  readonly #socket: Socket;
  readonly #local: Endpoint;
  readonly #peer: Endpoint;
  readonly #answer: Answerer;
  /** Our requests that wait for a final response, by branch. */
  readonly #pending = new Map<string, PendingRequest>();
  /** What repeats until it is stopped: our 200s until their ACK, by Call-ID. */
  readonly #unacknowledged = new Map<string, () => void>();
  /** Responses already given, by branch and method, for requests that come again. */
  readonly #given = new Map<string, SipMessage>();
  /** ACKs sent to 2xx responses, by the INVITE's branch, for 2xx that come again. */
  readonly #acknowledged = new Map<string, SipMessage>();

  static async open(local: Endpoint, peer: Endpoint, answer: Answerer): Promise<SipPhone> {
    const socket = createSocket('udp4');
    socket.bind(local.port, local.address);
    await once(socket, 'listening');
    return new SipPhone(socket, local, peer, answer);
  }

  private constructor(socket: Socket, local: Endpoint, peer: Endpoint, answer: Answerer) {
    this.#socket = socket;
    this.#local = local;
    this.#peer = peer;
    this.#answer = answer;
    socket.on('message', (datagram) => this.#receive(datagram.toString('utf8')));
  }

  /** Calls `number` at the peer; rejects with the status line of a refusal. */
  async call(number: string, offer: string): Promise<OutgoingCall> {
    const uri = `sip:${number}@${this.#peer.address}:${this.#peer.port}`;
    const dialog = [
      ['From', `<sip:bench@${this.#local.address}>;tag=${token()}`],
      ['Call-ID', token()],
    ] as const satisfies readonly SipHeader[];
    const invite = this.#newRequest(
      'INVITE',
      uri,
      [
        ...dialog,
        ['To', `<${uri}>`],
        ['CSeq', '1 INVITE'],
        ['Contact', this.#contact()],
        ['Content-Type', 'application/sdp'],
      ],
      offer,
    );
    const final = await this.#ask(invite);
    if (statusOf(final) >= 300) {
      this.#send(refusalAck(invite, final));
      throw new Error(final.startLine);
    }
    return this.#established(invite, final, dialog);
  }

  close(): void {
    for (const stop of this.#unacknowledged.values()) stop();
    this.#socket.close();
  }

  /** Section 12.1.2: the dialog's target and routes come from the 2xx. */
  #established(invite: SipMessage, ok: SipMessage, dialog: readonly SipHeader[]): OutgoingCall {
    const target = uriIn(headerOf(ok, 'contact'));
    const inDialog: readonly SipHeader[] = [
      ...dialog,
      ['To', headerOf(ok, 'to')],
      ...[...recordRoutes(ok)].reverse().map((route): SipHeader => ['Route', route]),
    ];
    const ack = this.#newRequest('ACK', target, [...inDialog, ['CSeq', '1 ACK']]);
    this.#acknowledged.set(branchOf(invite), ack);
    this.#send(ack);
    return {
      answer: ok.body,
      hangUp: async () => {
        await this.#ask(this.#newRequest('BYE', target, [...inDialog, ['CSeq', '2 BYE']]));
        this.#acknowledged.delete(branchOf(invite));
      },
    };
  }

  #newRequest(method: string, uri: string, headers: readonly SipHeader[], body = ''): SipMessage {
    const via = `SIP/2.0/UDP ${this.#local.address}:${this.#local.port}`;
    return {
      startLine: `${method} ${uri} SIP/2.0`,
      headers: [
        ['Via', `${via};branch=${BRANCH_COOKIE}${token()};rport`],
        ['Max-Forwards', '70'],
        ...headers,
      ],
      body,
    };
  }

  /** Sends until a response says that it arrived, and resolves with the final one. */
  async #ask(request: SipMessage): Promise<SipMessage> {
    const isInvite = methodOf(request) === 'INVITE';
    const stop = this.#sendRepeatedly(request, isInvite ? GIVE_UP_MS : T2_MS);
    try {
      return await new Promise((resolve, reject) => {
        const giveUp = setTimeout(() => {
          reject(new Error(`no final response to ${request.startLine}`));
        }, GIVE_UP_MS);
        this.#pending.set(branchOf(request), {
          onResponse: (response) => {
            if (statusOf(response) >= 200) {
              clearTimeout(giveUp);
              resolve(response);
            } else if (isInvite) {
              stop();
            }
          },
        });
      });
    } finally {
      stop();
      this.#pending.delete(branchOf(request));
    }
  }

  /** At once, then after T1 and doubling up to `intervalMaxMs`; returns what stops it. */
  #sendRepeatedly(message: SipMessage, intervalMaxMs: number): () => void {
    let intervalMs = T1_MS;
    let timer: NodeJS.Timeout;
    const again = () => {
      this.#send(message);
      timer = setTimeout(again, intervalMs);
      intervalMs = Math.min(2 * intervalMs, intervalMaxMs);
    };
    again();
    return () => clearTimeout(timer);
  }

  #receive(datagram: string): void {
    const message = readSip(datagram);
    if (message === undefined) return;
    if (statusOf(message) === 0) this.#receiveRequest(message);
    else this.#receiveResponse(message);
  }

  #receiveResponse(response: SipMessage): void {
    const pending = this.#pending.get(branchOf(response));
    if (pending !== undefined) {
      pending.onResponse(response);
      return;
    }
    const ack = this.#acknowledged.get(branchOf(response));
    if (ack !== undefined && methodOf(response) === 'INVITE') this.#send(ack);
  }

  #receiveRequest(request: SipMessage): void {
    const method = methodOf(request);
    if (method === 'ACK') {
      this.#unacknowledged.get(headerOf(request, 'call-id'))?.();
      return;
    }
    const key = `${branchOf(request)} ${method}`;
    const given = this.#given.get(key);
    if (given !== undefined) {
      this.#send(given);
      return;
    }
    const response = method === 'INVITE' ? this.#answerInvite(request) : respond(request, '200 OK');
    this.#given.set(key, response);
    if (method !== 'INVITE') this.#send(response);
  }

  #answerInvite(invite: SipMessage): SipMessage {
    const answer = this.#answer(calledUser(invite), invite.body);
    const response =
      answer === undefined
        ? respond(invite, '404 Not Found')
        : respond(
            invite,
            '200 OK',
            [
              ...recordRoutes(invite).map((route): SipHeader => ['Record-Route', route]),
              ['Contact', this.#contact()],
              ['Content-Type', 'application/sdp'],
            ],
            answer,
          );
    const stop = this.#sendRepeatedly(response, T2_MS);
    const giveUp = setTimeout(stop, GIVE_UP_MS);
    this.#unacknowledged.set(headerOf(invite, 'call-id'), () => {
      stop();
      clearTimeout(giveUp);
    });
    return response;
  }

  #contact(): string {
    return `<sip:bench@${this.#local.address}:${this.#local.port}>`;
  }

  #send(message: SipMessage): void {
    this.#socket.send(writeSip(message), this.#peer.port, this.#peer.address);
  }
}

/** Section 8.2.6.2. A tag is added where the request had none. */
function respond(
  request: SipMessage,
  status: string,
  headers: readonly SipHeader[] = [],
  body = '',
): SipMessage {
  const to = headerOf(request, 'to');
  return {
    startLine: `SIP/2.0 ${status}`,
    headers: [
      ...headersOf(request, 'via').map((via): SipHeader => ['Via', via]),
      ['From', headerOf(request, 'from')],
      ['To', /;\s*tag=/.test(to) ? to : `${to};tag=${token()}`],
      ['Call-ID', headerOf(request, 'call-id')],
      ['CSeq', headerOf(request, 'cseq')],
      ...headers,
    ],
    body,
  };
}

/** Section 17.1.1.3: the ACK to a refusal is hop by hop, on the INVITE's own branch. */
function refusalAck(invite: SipMessage, refusal: SipMessage): SipMessage {
  const kept = new Set(['Via', 'Max-Forwards', 'From', 'Call-ID', 'Route']);
  return {
    startLine: invite.startLine.replace(/^INVITE/, 'ACK'),
    headers: [
      ...invite.headers.filter(([name]) => kept.has(name)),
      ['To', headerOf(refusal, 'to')],
      ['CSeq', '1 ACK'],
    ],
    body: '',
  };
}

function token(): string {
  return randomBytes(8).toString('hex');
}
