/** ICE candidates as SDP and trickling write them (RFC 8839 §5.1). */
import { fail, type Result, succeed } from '../core/result.ts';
import type { CandidateType, IceCandidate, IceParameters } from './description.ts';

const LONGEST_CANDIDATE = 512;
const TYPES: readonly string[] = ['host', 'srflx', 'prflx', 'relay'];

/**
 * Takes `candidate:…` with or without `a=`, or the attribute's bare value. Extensions that we do
 * not know are read over. Faults: `candidate.syntax`, `candidate.type`.
 */
export function parseIceCandidate(text: string): Result<IceCandidate> {
  if (text.length > LONGEST_CANDIDATE) return fail('candidate.syntax', 'too long');
  const words = text
    .trim()
    .replace(/^(a=)?candidate:/, '')
    .split(/ +/);
  const [foundation, component, protocol, priority, address, port, typ, type] = words;
  if (type === undefined || typ !== 'typ') return fail('candidate.syntax', 'eight words expected');
  if (!TYPES.includes(type)) return fail('candidate.type', type);
  const numbers = [component, priority, port].map(readNumber);
  if (numbers.some(Number.isNaN) || !isPort(numbers[2]!) || numbers[1]! > 0xffffffff) {
    return fail('candidate.syntax', 'a number expected');
  }
  const extensions = readExtensions(words.slice(8));
  const relatedPort = readNumber(extensions.get('rport'));
  return succeed({
    foundation: foundation!,
    component: numbers[0]!,
    protocol: protocol!.toLowerCase(),
    priority: numbers[1]!,
    address: address!,
    port: numbers[2]!,
    type: type as CandidateType,
    ...(extensions.has('raddr') && { relatedAddress: extensions.get('raddr')! }),
    ...(isPort(relatedPort) && { relatedPort }),
    ...(extensions.has('tcptype') && { tcpType: extensions.get('tcptype')! }),
  });
}

/** The attribute's value, without `candidate:`. */
export function formatIceCandidate(candidate: IceCandidate): string {
  const { foundation, component, protocol, priority, address, port, type } = candidate;
  const words = [foundation, component, protocol, priority, address, port, 'typ', type];
  if (candidate.relatedAddress !== undefined) {
    words.push('raddr', candidate.relatedAddress, 'rport', candidate.relatedPort ?? 0);
  }
  if (candidate.tcpType !== undefined) words.push('tcptype', candidate.tcpType);
  return words.join(' ');
}

/** Whether new credentials ask for an ICE restart (RFC 8839 §4.4.1.1.1). */
export function isIceRestart(before: IceParameters, after: IceParameters): boolean {
  return before.ufrag !== after.ufrag || before.pwd !== after.pwd;
}

function readNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
}

function isPort(value: number): boolean {
  return value >= 0 && value <= 65_535;
}

function readExtensions(words: readonly string[]): Map<string, string> {
  const extensions = new Map<string, string>();
  for (let i = 0; i + 1 < words.length; i += 2) extensions.set(words[i]!, words[i + 1]!);
  return extensions;
}
