/** One table from causes to SIP statuses (RFC 3261 §21), Q.850 values, Janus and HTTP words. */

export const CAUSES = {
  normal: { q850: 16, sip: 200, text: 'Normal call clearing', http: 200 },
} as const;

export type CauseName = keyof typeof CAUSES;
