/** Takes secrets out of what a trace shows: digests, SDES keys, ICE passwords, API secrets. */

const REDACTED = '[redacted]';

/** Header values that prove who somebody is, and those that a proof could be computed from. */
const SECRET_HEADER =
  /^((?:proxy-)?authorization|(?:proxy-|www-)?authenticat(?:e|ion-info))[ \t]*:.*(?:\r?\n[ \t].*)*/gim;

/** RFC 4568 §9.1 and RFC 8839 §5.4. */
const SDP_KEY = /(inline:)[^\s|;]+/gi;
const ICE_PASSWORD = /(a=ice-pwd:)[^\s\\]+/gi;

/** Members of API messages, wherever they stand. */
const SECRET_MEMBER = /^(apisecret|admin_secret|token|secret|ha1_secret|pin|password)$/i;

/** A SIP message or an SDP, in any part of it. */
export function redactText(text: string): string {
  return text
    .replace(SECRET_HEADER, (_, name: string) => `${name}: ${REDACTED}`)
    .replace(SDP_KEY, `$1${REDACTED}`)
    .replace(ICE_PASSWORD, `$1${REDACTED}`);
}

/** An API message as JSON text. */
export function redactJson(message: unknown): string {
  return JSON.stringify(message, (name, value) => {
    if (SECRET_MEMBER.test(name)) return REDACTED;
    return typeof value === 'string' ? redactText(value) : value;
  });
}
