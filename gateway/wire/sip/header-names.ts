/** Canonical spellings and compact forms of header names (RFC 3261 §7.3.3 and the IANA table). */

const CANONICAL = [
  'Accept Accept-Contact Accept-Encoding Accept-Language Alert-Info Allow Allow-Events',
  'Authentication-Info Authorization Call-ID Call-Info Contact Content-Disposition',
  'Content-Encoding Content-Language Content-Length Content-Type CSeq Date Diversion',
  'Error-Info Event Expires Flow-Timer From Geolocation History-Info Identity In-Reply-To',
  'Join Max-Forwards MIME-Version Min-Expires Min-SE Organization P-Access-Network-Info',
  'P-Asserted-Identity P-Associated-URI P-Called-Party-ID P-Charging-Vector P-Early-Media',
  'P-Preferred-Identity Path Priority Privacy Proxy-Authenticate Proxy-Authorization',
  'Proxy-Require RAck Reason Record-Route Refer-To Referred-By Reject-Contact',
  'Remote-Party-ID Replaces Reply-To Request-Disposition Require Resource-Priority',
  'Retry-After Route RSeq Server Service-Route Session-Expires SIP-ETag SIP-If-Match',
  'Subject Subscription-State Supported Target-Dialog Timestamp To Unsupported',
  'User-Agent User-to-User Via Warning WWW-Authenticate',
]
  .join(' ')
  .split(' ');

const COMPACT: { readonly [letter: string]: string } = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  d: 'Request-Disposition',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
};

const known = new Map<string, string>();
for (const name of CANONICAL) {
  known.set(name, name);
  known.set(name.toLowerCase(), name);
}
for (const [letter, name] of Object.entries(COMPACT)) {
  known.set(letter, name);
  known.set(letter.toUpperCase(), name);
}

/** The canonical spelling of a header name; an unknown name stays as it was written. */
export function canonicalName(name: string): string {
  return known.get(name) ?? known.get(name.toLowerCase()) ?? name;
}
