/**
 * Which codecs two sides have in common, and under which payload types (RFC 3264 §6.1, RFC 4733).
 */
import type { Codec, CodecCapability, PayloadTypeBindings } from './description.ts';

/** Formats that accompany a codec and are nothing without one. */
const AUXILIARY: ReadonlySet<string> = new Set([
  'telephone-event',
  'cn',
  'red',
  'rtx',
  'ulpfec',
  'flexfec-03',
]);

/** fmtp parameters that make two codecs of one name different ones, with their defaults. */
const DISTINGUISHING: { readonly [codec: string]: { readonly [parameter: string]: string } } = {
  // RFC 6184 §8.1.
  h264: { 'packetization-mode': '0', 'profile-level-id': '42000a' },
  // RFC 9628 §6.1.
  vp9: { 'profile-id': '0' },
  // RTP Payload Format For AV1 §7.2.1.
  av1: { profile: '0' },
};
/** In `profile-level-id` the last two digits are a level, which each side limits for itself. */
const PROFILE_DIGITS = 4;

const FIRST_DYNAMIC = 96;
const LAST_PAYLOAD_TYPE = 127;
/** RFC 3551 leaves these unassigned; 64 to 95 are RTCP's under rtcp-mux (RFC 5761 §4). */
const FIRST_UNASSIGNED = 35;
const LAST_UNASSIGNED = 63;

/** A codec as both sides know it: the remote's payload type in one, our capability in the other. */
export interface CodecPair {
  readonly remote: Codec;
  readonly ours: CodecCapability;
}

/** Whether a format is nothing without a codec beside it. */
export function isAuxiliary({ name }: Pick<Codec, 'name'>): boolean {
  return AUXILIARY.has(name);
}

/** Equal for codecs that may share a payload type, and for no others. */
export function codecKey(codec: Codec): string {
  const distinguishing = DISTINGUISHING[codec.name] ?? {};
  const parameters = Object.entries(distinguishing).map(([name, otherwise]) => {
    const value = (codec.parameters[name] ?? otherwise).toLowerCase();
    return name === 'profile-level-id' ? value.slice(0, PROFILE_DIGITS) : value;
  });
  return [codec.name, codec.clockRate, codec.channels, ...parameters].join('/');
}

/** The parameters that an answer must repeat from its offer. */
export function distinguishingParameters(codec: Codec): Codec['parameters'] {
  const names = Object.keys(DISTINGUISHING[codec.name] ?? {});
  const given = names.filter((name) => codec.parameters[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, codec.parameters[name]!]));
}

/**
 * What both sides can do, in the order of `order`; empty if there is no codec but auxiliary ones.
 * telephone-event is taken at the clocks of the codecs, else at whatever clock the remote has.
 */
export function commonCodecs(
  remote: readonly Codec[],
  ours: readonly CodecCapability[],
  order: 'ours' | 'remote',
): CodecPair[] {
  const pairs = ours.flatMap((capability): CodecPair[] => {
    const match = remote.find((codec) => codecKey(codec) === codecKey(capability));
    return match ? [{ remote: match, ours: capability }] : [];
  });
  if (order === 'remote') {
    pairs.sort((a, b) => remote.indexOf(a.remote) - remote.indexOf(b.remote));
  }
  const codecs = pairs.filter((pair) => !isAuxiliary(pair.ours));
  if (codecs.length === 0) return [];
  const rates = new Set(codecs.map((pair) => pair.ours.clockRate));
  const auxiliary = pairs.filter(
    ({ ours }) => isAuxiliary(ours) && ours.name !== 'telephone-event' && rates.has(ours.clockRate),
  );
  return [...codecs, ...auxiliary, ...commonEvents(remote, ours, rates)];
}

function commonEvents(
  remote: readonly Codec[],
  ours: readonly CodecCapability[],
  rates: ReadonlySet<number>,
): CodecPair[] {
  const isEvent = ({ name }: Codec) => name === 'telephone-event';
  const capability = ours.find(isEvent);
  if (capability === undefined) return [];
  const events = remote.filter(isEvent);
  const matching = events.filter(({ clockRate }) => rates.has(clockRate));
  const chosen = matching.length > 0 ? matching : events;
  return chosen.map((event) => {
    const { clockRate } = event;
    const same = ours.find((codec) => isEvent(codec) && codec.clockRate === clockRate);
    return { remote: event, ours: same ?? { ...capability, clockRate } };
  });
}

/** A codec that wants a payload type, and whether one it had before goes first. */
export interface PayloadTypeWish {
  readonly codec: Codec;
  readonly prefer: 'wish' | 'bound';
}

/**
 * Gives each codec a payload type that never meant another codec; its own as far as possible.
 * Codecs for which none is left are missing from the result.
 */
export function bindPayloadTypes(
  bindings: PayloadTypeBindings,
  wishes: readonly PayloadTypeWish[],
): { readonly codecs: readonly Codec[]; readonly bindings: PayloadTypeBindings } {
  const bound = new Map(Object.entries(bindings).map(([type, key]) => [Number(type), key]));
  const wished = new Set(wishes.map(({ codec }) => codec.payloadType));
  const taken = new Set<number>();
  const codecs = wishes.flatMap(({ codec, prefer }) => {
    const key = codecKey(codec);
    const mayBe = (type: number) => !taken.has(type) && (bound.get(type) ?? key) === key;
    const before = [...bound.keys()].filter((type) => bound.get(type) === key);
    const own = [codec.payloadType];
    const free = freePayloadTypes().filter((type) => !bound.has(type) && !wished.has(type));
    const candidates = prefer === 'wish' ? [...own, ...before] : [...before, ...own];
    const payloadType = [...candidates, ...free].find(mayBe);
    if (payloadType === undefined) return [];
    taken.add(payloadType);
    bound.set(payloadType, key);
    return [{ ...codec, payloadType }];
  });
  return { codecs, bindings: Object.fromEntries(bound) };
}

function freePayloadTypes(): number[] {
  const types: number[] = [];
  for (let type = FIRST_DYNAMIC; type <= LAST_PAYLOAD_TYPE; type += 1) types.push(type);
  for (let type = FIRST_UNASSIGNED; type <= LAST_UNASSIGNED; type += 1) types.push(type);
  return types;
}
