/** Replies by command id, so that a command that is sent again is not done again. */
import { MOST_KEPT_REPLIES } from '../../media/limits.ts';
import type { MediaReply } from '../../media-contract/contract.ts';

export class ReplyMemory {
  readonly #replies = new Map<string, MediaReply>();

  /** The reply given before to this id, or the one that `execute` gives now. */
  replyTo(id: string, execute: () => MediaReply): MediaReply {
    const before = this.#replies.get(id);
    if (before !== undefined) return before;
    const reply = execute();
    this.#replies.set(id, reply);
    if (this.#replies.size > MOST_KEPT_REPLIES) {
      const [oldest] = this.#replies.keys();
      this.#replies.delete(oldest!);
    }
    return reply;
  }
}
