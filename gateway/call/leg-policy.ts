/** What a SIP caller's account allows its own leg. */
import type { Users } from '../account/users.ts';
import type { Identity } from '../sip/endpoint-contract.ts';
import type { Trunks } from '../trunk/trunks.ts';
import type { IncomingLeg } from './leg-contract.ts';

/** Undefined for strangers and for accounts that are gone: then nothing special is allowed. */
export function legPolicyOf(
  identity: Identity,
  users: Users,
  trunks: Trunks,
): IncomingLeg['policy'] {
  switch (identity.kind) {
    case 'anonymous':
      return undefined;
    case 'user': {
      const user = users.get(identity.name);
      return (
        user && {
          codecs: user.codecs,
          mediaNetworks: [],
          anySource: user.mediaFromAnywhere,
          srtpRequired: false,
        }
      );
    }
    case 'trunk': {
      const trunk = trunks.get(identity.name);
      return (
        trunk && {
          codecs: trunk.codecs,
          mediaNetworks: trunk.mediaNetworks,
          anySource: false,
          srtpRequired: trunk.srtp === 'required',
        }
      );
    }
  }
}
