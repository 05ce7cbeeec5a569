/** What a media process is told when it starts: its name, its addresses, its ports and patience. */

/** One configured interface: where sockets are bound and what peers are told. */
export interface MediaInterface {
  readonly name: string;
  readonly bind: string;
  readonly advertise: string;
  /** CIDR blocks that plain RTP may come from besides what SDP and signalling tell. */
  readonly mediaNetworks: readonly string[];
}

export interface MediaTimeouts {
  /** A leg that ought to receive and hears nothing for so long has timed out; 0 is never. */
  readonly talkSeconds: number;
  /** The same while its direction lets nothing arrive. */
  readonly holdSeconds: number;
  /** From the leg's remote description to ICE and DTLS being done. */
  readonly connectSeconds: number;
}

export interface MediaProcessOptions {
  /** Prefix of every ufrag handed out; letters and digits only. */
  readonly process: string;
  readonly interfaces: readonly MediaInterface[];
  /** Addresses that WebRTC media is bound to as well, advertised in every leg's candidates. */
  readonly extraWebRtcAddresses: readonly string[];
  readonly webRtcPort: number;
  readonly rtpPorts: { readonly first: number; readonly last: number };
  readonly timeouts: MediaTimeouts;
}
