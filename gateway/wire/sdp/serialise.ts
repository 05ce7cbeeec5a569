/** Writes a session description in the order of lines that RFC 8866 §9 prescribes. */
import type { SdpAttribute, SdpConnection, SdpMedia, SdpSession } from './session-description.ts';

export function serialiseSdp(session: SdpSession): string {
  const { origin } = session;
  const family = origin.address.includes(':') ? 'IP6' : 'IP4';
  const lines = [
    'v=0',
    `o=${origin.username} ${origin.sessionId} ${origin.version} IN ${family} ${origin.address}`,
    `s=${session.name}`,
    ...connectionLine(session.connection),
    ...session.bandwidths.map(({ type, value }) => `b=${type}:${value}`),
    't=0 0',
    ...session.attributes.map(attributeLine),
    ...session.media.flatMap(mediaLines),
  ];
  return `${lines.map(withoutLineBreaks).join('\r\n')}\r\n`;
}

function mediaLines(media: SdpMedia): string[] {
  return [
    `m=${media.media} ${media.port} ${media.protocol} ${media.formats.join(' ')}`,
    ...connectionLine(media.connection),
    ...media.bandwidths.map(({ type, value }) => `b=${type}:${value}`),
    ...media.attributes.map(attributeLine),
  ];
}

function connectionLine(connection: SdpConnection | undefined): string[] {
  return connection ? [`c=IN ${connection.family} ${connection.address}`] : [];
}

function attributeLine({ name, value }: SdpAttribute): string {
  return value === undefined ? `a=${name}` : `a=${name}:${value}`;
}

/** A value that came from elsewhere must never become a line of its own. */
function withoutLineBreaks(line: string): string {
  return line.replaceAll(/[\r\n\0]/g, ' ');
}
