/** What media tells of a leg, in the Janus API's core events. */
import type { LegMediaNews } from '../call/leg-contract.ts';
import { unreachable } from '../core/unreachable.ts';
import type { JsonObject } from './json.ts';

export function mediaEvent(session: number, sender: number, news: LegMediaNews): JsonObject {
  switch (news.type) {
    case 'connected':
      return { janus: 'webrtcup', session_id: session, sender };
    case 'receiving':
      return {
        janus: 'media',
        session_id: session,
        sender,
        mid: news.mid,
        type: news.kind,
        receiving: news.receiving,
        seconds: !news.receiving && news.seconds > 1 ? news.seconds : undefined,
      };
    case 'slow-link':
      return {
        janus: 'slowlink',
        session_id: session,
        sender,
        mid: news.mid,
        media: news.kind,
        uplink: news.uplink,
        lost: news.lost,
      };
    default:
      return unreachable(news);
  }
}
