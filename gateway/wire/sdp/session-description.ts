/**
 * A session description as ordered lines with names, meaning left to offer/answer (RFC 8866 §5).
 */

/** Octets of a whole description: browsers with many m-lines stay below 30 kB. */
export const LONGEST_DESCRIPTION = 65_536;
export const LONGEST_LINE = 8192;
export const MOST_MEDIA_SECTIONS = 32;
/** Of the session, and of each media section. */
export const MOST_ATTRIBUTES = 512;
export const MOST_FORMATS = 128;

/** `a=name:value`, or the property attribute `a=name`. Names are compared as written. */
export interface SdpAttribute {
  readonly name: string;
  readonly value?: string;
}

export interface SdpOrigin {
  readonly username: string;
  readonly sessionId: string;
  readonly version: string;
  readonly address: string;
}

/** `c=IN IP4 …` or `c=IN IP6 …`; the address may be a name. A multicast suffix is kept. */
export interface SdpConnection {
  readonly family: 'IP4' | 'IP6';
  readonly address: string;
}

/** `b=type:value`, the value in the type's own unit. */
export interface SdpBandwidth {
  readonly type: string;
  readonly value: number;
}

export interface SdpMedia {
  /** `audio`, `video`, `application`, `image`, … */
  readonly media: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly connection?: SdpConnection;
  readonly bandwidths: readonly SdpBandwidth[];
  readonly attributes: readonly SdpAttribute[];
}

export interface SdpSession {
  readonly origin: SdpOrigin;
  readonly name: string;
  readonly connection?: SdpConnection;
  readonly bandwidths: readonly SdpBandwidth[];
  readonly attributes: readonly SdpAttribute[];
  readonly media: readonly SdpMedia[];
}

/** The value of the first attribute of a name; empty for a property attribute. */
export function attributeValue(
  attributes: readonly SdpAttribute[],
  name: string,
): string | undefined {
  const attribute = attributes.find((candidate) => candidate.name === name);
  return attribute && (attribute.value ?? '');
}

/** The values of every attribute of a name, in order. */
export function attributeValues(attributes: readonly SdpAttribute[], name: string): string[] {
  return attributes.flatMap((attribute) =>
    attribute.name === name && attribute.value !== undefined ? [attribute.value] : [],
  );
}

export function hasAttribute(attributes: readonly SdpAttribute[], name: string): boolean {
  return attributes.some((attribute) => attribute.name === name);
}
