/** A plain SIP phone over UDP that does what a test tells it: rings, answers, refuses, is silent.
 *
 * Its side of RFC 3261 and no more: retransmission of requests and of a 200 (sections 17.1 and
 * 13.3.1.4), ACK to every final response, CANCEL, BYE. It shares no code with the gateway.
 */
import { randomBytes } from 'node:crypto';
import {
  branchOf,
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
} from '../../../bench/sip-message.ts';
import { NumberedMedia } from '../attack/numbered-media.ts';
import { UdpEnd } from '../attack/udp-end.ts';
import { type Place, phoneDescription, rtpPlaceIn } from './descriptions.ts';
import { Inbox, inTime } from './waiting.ts';

const T1_MS = 500;
const T2_MS = 4_000;
const REPEATS = 8;

/** How a call came to its end, as the phone saw it. */
export type Ending =
  | { readonly kind: 'bye' | 'cancel'; readonly reason: string | undefined }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  | { readonly kind: 'own' };

export interface PhoneOptions {
  readonly address: string;
  /** Of its signalling; any free one if it matters to nobody. */
  readonly port?: number;
  readonly gateway: Place;
}

export class SipPhone {
  readonly #signalling: UdpEnd;
  readonly #gateway: Place;
  readonly #address: string;
  readonly #incoming = new Inbox<PhoneCall>('a call to the phone');
  readonly #calls = new Map<string, PhoneCall>();
  /** It hears and says nothing. */
  isSilent = false;

  private constructor(signalling: UdpEnd, options: PhoneOptions) {
    this.#signalling = signalling;
    this.#gateway = options.gateway;
    this.#address = options.address;
    signalling.onDatagram = (datagram) => this.#receive(datagram.toString());
  }

  static async open(options: PhoneOptions): Promise<SipPhone> {
    return new SipPhone(await UdpEnd.open(options.address, options.port), options);
  }

  get place(): Place {
    return this.#signalling.place;
  }

  get uri(): string {
    return `sip:phone@${this.place.address}:${this.place.port}`;
  }

  /** The next call that comes. */
  called(withinMs?: number): Promise<PhoneCall> {
    return this.#incoming.take(withinMs);
  }

  /** Calls somebody at the gateway. */
  async call(name: string): Promise<PhoneCall> {
    const call = new PhoneCall(
      this,
      await UdpEnd.open(this.#address),
      randomBytes(8).toString('hex'),
    );
    this.#calls.set(call.id, call);
    call.invite(`sip:${name}@${this.#gateway.address}:${this.#gateway.port}`);
    return call;
  }

  send(message: SipMessage): void {
    if (!this.isSilent) this.#signalling.send(Buffer.from(writeSip(message)), this.#gateway);
  }

  close(): void {
    for (const call of this.#calls.values()) call.close();
    this.#signalling.close();
  }

  #receive(text: string): boolean {
    const message = readSip(text);
    if (message === undefined || this.isSilent) return true;
    const call = this.#calls.get(headerOf(message, 'call-id'));
    if (call !== undefined) call.receive(message);
    else if (message.startLine.startsWith('INVITE ')) void this.#beCalled(message);
    else if (statusOf(message) === 0 && methodOf(message) !== 'ACK') {
      this.send(response(message, 481, 'Call/Transaction Does Not Exist', 'none'));
    }
    return true;
  }

  async #beCalled(invite: SipMessage): Promise<void> {
    const id = headerOf(invite, 'call-id');
    const end = await UdpEnd.open(this.#address);
    // The INVITE may have come again meanwhile.
    if (this.#calls.has(id)) return end.close();
    const call = new PhoneCall(this, end, id, invite);
    this.#calls.set(id, call);
    this.#incoming.put(call);
  }
}

/** One call of the phone, in either direction. */
export class PhoneCall {
  readonly id: string;
  readonly media: NumberedMedia;
  /** Resolves when the far party has answered. */
  readonly answered: Promise<void>;
  /** Resolves when the call is over, whoever ended it. */
  readonly ended: Promise<Ending>;
  readonly #phone: SipPhone;
  readonly #tag = randomBytes(6).toString('hex');
  /** The INVITE that made the call: ours or the caller's. */
  #invite: SipMessage | undefined;
  readonly #end: UdpEnd;
  #tellAnswered: () => void = () => {};
  #tellEnded: (ending: Ending) => void = () => {};
  /** To and From as our own requests write them, and where these go, once there is a dialog. */
  #dialog: { readonly target: string; readonly headers: readonly SipHeader[] } | undefined;
  #sequence = 1;
  #finalResponse: SipMessage | undefined;
  #acknowledgement: SipMessage | undefined;
  readonly #repeating = new Map<string, NodeJS.Timeout>();
  readonly #ringing = new Inbox<number>('a provisional response');

  constructor(phone: SipPhone, end: UdpEnd, id: string, invite?: SipMessage) {
    this.#phone = phone;
    this.#end = end;
    this.media = new NumberedMedia(end);
    end.onDatagram = (datagram) => this.media.take(datagram);
    this.id = id;
    this.#invite = invite;
    this.answered = new Promise((resolve) => {
      this.#tellAnswered = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
    if (invite !== undefined) this.media.remote = rtpPlaceIn(invite.body);
  }

  /** Calls. */
  invite(uri: string): void {
    const headers: readonly SipHeader[] = [
      ['From', `<${this.#phone.uri}>;tag=${this.#tag}`],
      ['To', `<${uri}>`],
      ['Call-ID', this.id],
      ['CSeq', '1 INVITE'],
      ['Contact', `<${this.#phone.uri}>`],
      ['Content-Type', 'application/sdp'],
    ];
    this.#invite = this.#request('INVITE', uri, headers, phoneDescription(this.#end.place));
    this.#repeat(this.#invite);
  }

  /** Resolves with the status once the far party is told to ring. */
  rings(): Promise<number> {
    return this.#ringing.take();
  }

  ring(): void {
    this.#respond(180, 'Ringing');
  }

  accept(): void {
    const invite = this.#invite!;
    const local = `${headerOf(invite, 'to')};tag=${this.#tag}`;
    const routes = recordRoutes(invite).map((route): SipHeader => ['Route', route]);
    const remote = headerOf(invite, 'from');
    this.#establish(invite, [['From', local], ['To', remote], ...routes]);
    this.#respond(200, 'OK', phoneDescription(this.#end.place));
    this.#tellAnswered();
  }

  refuse(status: number, reason: string): void {
    this.#respond(status, reason);
    this.#over({ kind: 'own' });
  }

  /** The caller gives up. */
  cancel(): void {
    const invite = this.#invite!;
    const kept = new Set(['Via', 'Max-Forwards', 'From', 'To', 'Call-ID']);
    const headers = invite.headers.filter(([name]) => kept.has(name));
    const startLine = invite.startLine.replace(/^INVITE/, 'CANCEL');
    this.#repeat({ startLine, headers: [...headers, ['CSeq', '1 CANCEL']], body: '' });
  }

  hangUp(): void {
    const { target, headers } = this.#dialog!;
    this.#sequence += 1;
    const cseq: SipHeader = ['CSeq', `${this.#sequence} BYE`];
    this.#repeat(this.#request('BYE', target, [...headers, ['Call-ID', this.id], cseq]));
  }

  /** How the call ended, within a bounded time. */
  over(withinMs?: number): Promise<Ending> {
    return inTime(this.ended, 'the end of the call at the phone', withinMs);
  }

  receive(message: SipMessage): void {
    if (statusOf(message) > 0) this.#receiveResponse(message);
    else this.#receiveRequest(message);
  }

  close(): void {
    for (const timer of this.#repeating.values()) clearTimeout(timer);
    this.#repeating.clear();
    this.media.stop();
    this.#end.close();
  }

  #receiveResponse(message: SipMessage): void {
    const status = statusOf(message);
    const method = methodOf(message);
    if (status > 100 || method !== 'INVITE') this.#stop(branchOf(message));
    if (status > 100 && status < 200) this.#ringing.put(status);
    if (status < 200) return this.#stop(branchOf(message));
    if (method === 'BYE') return this.#over({ kind: 'own' });
    if (method !== 'INVITE') return;
    if (status < 300) return this.#connected(message);
    this.#acknowledgeRefusal(message);
    const [, reason = ''] = /^SIP\/2\.0 \d+ (.*)$/.exec(message.startLine) ?? [];
    this.#over({ kind: 'refused', status, reason });
  }

  #connected(ok: SipMessage): void {
    if (this.#acknowledgement !== undefined) return this.#phone.send(this.#acknowledgement);
    const invite = this.#invite!;
    const routes = [...recordRoutes(ok)].reverse().map((route): SipHeader => ['Route', route]);
    const from: SipHeader = ['From', headerOf(invite, 'from')];
    this.#establish(ok, [from, ['To', headerOf(ok, 'to')], ...routes]);
    const { target, headers } = this.#dialog!;
    const own: readonly SipHeader[] = [
      ['Call-ID', this.id],
      ['CSeq', '1 ACK'],
    ];
    this.#acknowledgement = this.#request('ACK', target, [...headers, ...own]);
    this.#phone.send(this.#acknowledgement);
    this.media.remote = rtpPlaceIn(ok.body);
    this.#tellAnswered();
  }

  #receiveRequest(message: SipMessage): void {
    const method = methodOf(message);
    const reason = headersOf(message, 'reason')[0];
    switch (method) {
      case 'ACK':
        return this.#stop('final');
      case 'INVITE':
        // The caller has not heard us yet.
        if (this.#finalResponse !== undefined) this.#phone.send(this.#finalResponse);
        return;
      case 'CANCEL':
        this.#phone.send(response(message, 200, 'OK', this.#tag));
        this.#respond(487, 'Request Terminated');
        return this.#over({ kind: 'cancel', reason });
      default:
        this.#phone.send(response(message, 200, 'OK', this.#tag));
        if (method === 'BYE') this.#over({ kind: 'bye', reason });
    }
  }

  #over(ending: Ending): void {
    this.media.stop();
    this.#end.close();
    this.#tellEnded(ending);
  }

  #establish(peer: SipMessage, headers: readonly SipHeader[]): void {
    this.#dialog = { target: uriIn(headerOf(peer, 'contact')), headers };
  }

  #respond(status: number, reason: string, body = ''): void {
    const message = response(this.#invite!, status, reason, this.#tag, [
      ['Contact', `<${this.#phone.uri}>`],
      ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
    ]);
    const whole = { ...message, body };
    if (status < 200) return this.#phone.send(whole);
    this.#finalResponse = whole;
    this.#repeat(whole, 'final');
  }

  #acknowledgeRefusal(refusal: SipMessage): void {
    const invite = this.#invite!;
    const kept = new Set(['Via', 'Max-Forwards', 'From', 'Call-ID']);
    const headers = invite.headers.filter(([name]) => kept.has(name));
    const to: SipHeader = ['To', headerOf(refusal, 'to')];
    const startLine = invite.startLine.replace(/^INVITE/, 'ACK');
    this.#phone.send({ startLine, headers: [...headers, to, ['CSeq', '1 ACK']], body: '' });
  }

  #request(method: string, uri: string, headers: readonly SipHeader[], body = ''): SipMessage {
    const { address, port } = this.#phone.place;
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`;
    return {
      startLine: `${method} ${uri} SIP/2.0`,
      headers: [
        ['Via', `SIP/2.0/UDP ${address}:${port};branch=${branch};rport`],
        ['Max-Forwards', '70'],
        ...headers,
      ],
      body,
    };
  }

  /** At once, then after T1, doubling up to T2, until somebody stops it. */
  #repeat(message: SipMessage, key = branchOf(message)): void {
    let waitMs = T1_MS;
    let left = REPEATS;
    this.#stop(key);
    const again = () => {
      this.#phone.send(message);
      left -= 1;
      if (left === 0) return;
      this.#repeating.set(key, setTimeout(again, waitMs));
      waitMs = Math.min(2 * waitMs, T2_MS);
    };
    again();
  }

  #stop(key: string): void {
    clearTimeout(this.#repeating.get(key));
    this.#repeating.delete(key);
  }
}

function response(
  request: SipMessage,
  status: number,
  reason: string,
  tag: string,
  headers: readonly SipHeader[] = [],
): SipMessage {
  const to = headerOf(request, 'to');
  return {
    startLine: `SIP/2.0 ${status} ${reason}`,
    headers: [
      ...headersOf(request, 'via').map((via): SipHeader => ['Via', via]),
      ...recordRoutes(request).map((route): SipHeader => ['Record-Route', route]),
      ['From', headerOf(request, 'from')],
      ['To', /;\s*tag=/.test(to) ? to : `${to};tag=${tag}`],
      ['Call-ID', headerOf(request, 'call-id')],
      ['CSeq', headerOf(request, 'cseq')],
      ...headers,
    ],
    body: '',
  };
}
