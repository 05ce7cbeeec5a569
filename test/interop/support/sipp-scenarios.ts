/** SIPp scenarios: a phone that calls and one that is called. */

export interface SippMedia {
  readonly codec: 'PCMU' | 'PCMA';
  /** Where `tone.pcap` is. */
  readonly folder: string;
  readonly crypto?: string | undefined;
}

const PAYLOAD_TYPES = { PCMU: 0, PCMA: 8 } as const;

function sdp({ codec, crypto }: SippMedia): string {
  const type = PAYLOAD_TYPES[codec];
  return [
    'v=0',
    'o=sipp 1 1 IN IP[local_ip_type] [local_ip]',
    's=-',
    'c=IN IP[media_ip_type] [media_ip]',
    't=0 0',
    `m=audio [media_port] RTP/${crypto === undefined ? 'AVP' : 'SAVP'} ${type} 101`,
    `a=rtpmap:${type} ${codec}/8000`,
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=ptime:20',
    ...(crypto === undefined ? [] : [`a=crypto:1 ${crypto}`]),
    'a=sendrecv',
    '',
  ].join('\n');
}

function play({ folder }: SippMedia): string {
  return `<nop><action><exec play_pcap_audio="${folder}/tone.pcap"/></action></nop>`;
}

function scenario(...steps: readonly string[]): string {
  return `<?xml version="1.0"?>\n<scenario name="phone">\n${steps.join('\n')}\n</scenario>\n`;
}

function message(kind: 'send' | 'send retrans="500"', lines: readonly string[], body = ''): string {
  return `<${kind}><![CDATA[\n${lines.join('\n')}\n\n${body}]]></send>`;
}

const OWN = 'sip:sipp@[local_ip]:[local_port]';
const ECHOED = ['[last_Via:]', '[last_From:]', '[last_To:];tag=[pid]sipp[call_number]'];
const REPLY = [...ECHOED, '[last_Call-ID:]', '[last_CSeq:]', `Contact: <${OWN}>`];
const PLAIN_REPLY = [
  '[last_Via:]',
  '[last_From:]',
  '[last_To:]',
  '[last_Call-ID:]',
  '[last_CSeq:]',
];

export function calledScenario(media: SippMedia): string {
  const ok = ['SIP/2.0 200 OK', ...REPLY, 'Content-Type: application/sdp', 'Content-Length: [len]'];
  return scenario(
    '<recv request="INVITE" crlf="true"/>',
    message('send', ['SIP/2.0 180 Ringing', ...REPLY, 'Content-Length: 0']),
    message('send retrans="500"', ok, sdp(media)),
    '<recv request="ACK" rtd="true" crlf="true"/>',
    play(media),
    '<recv request="BYE" timeout="60000"/>',
    message('send', ['SIP/2.0 200 OK', ...PLAIN_REPLY, 'Content-Length: 0']),
  );
}

export function callingScenario(media: SippMedia, target: string, seconds: number): string {
  const request = (method: string, cseq: number, to: string, more: readonly string[]) => [
    `${method} ${method === 'INVITE' ? target : '[next_url]'} SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport',
    'Max-Forwards: 70',
    `From: <${OWN}>;tag=[pid]sipp[call_number]`,
    to,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    ...more,
    'Content-Length: [len]',
  ];
  const contact = `Contact: <${OWN}>`;
  const invite = request('INVITE', 1, `To: <${target}>`, [
    contact,
    'Content-Type: application/sdp',
  ]);
  return scenario(
    message('send retrans="500"', invite, sdp(media)),
    '<recv response="100" optional="true"/>',
    '<recv response="180" optional="true"/>',
    '<recv response="183" optional="true"/>',
    '<recv response="200" rrs="true" rtd="true"/>',
    message('send', request('ACK', 1, '[last_To:]', ['[routes]', contact])),
    play(media),
    `<pause milliseconds="${seconds * 1_000}"/>`,
    message('send retrans="500"', request('BYE', 2, '[last_To:]', ['[routes]', contact])),
    '<recv response="200" crlf="true"/>',
  );
}
