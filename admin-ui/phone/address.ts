/** SIP addresses as people type and read them. */

/** Completes what was typed: a bare name or number belongs to this gateway. */
export function completeAddress(typed: string, host: string): string {
  // People write numbers in groups; an address has no room for that.
  const text = isNumber(typed) ? typed.replace(/\s/g, '') : typed.trim();
  const bare = text.replace(/^sips?:/i, '');
  const scheme = /^sips:/i.test(text) ? 'sips' : 'sip';
  return `${scheme}:${bare.includes('@') || isHost(bare) ? bare : `${bare}@${host}`}`;
}

/** `192.0.2.7:5070` or `pbx.example.org` is called as it stands. */
function isHost(text: string): boolean {
  return isIpAddress(text) || (!isNumber(text) && /^[^@\s]+\.[^@\s]+$/.test(text));
}

function isNumber(text: string): boolean {
  return /^\s*\+?[\d\s.\-()]+$/.test(text);
}

function isIpAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/.test(text);
}

/** Without scheme and parameters, and without the host where it says nothing new. */
export function readableAddress(address: string, host: string): string {
  const bare = address.replace(/^sips?:/i, '').replace(/[;?].*$/, '');
  return bare.endsWith(`@${host}`) ? bare.slice(0, -host.length - 1) : bare;
}
