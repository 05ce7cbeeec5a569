/** The echo: answers at once and gives callers their own media back. */
import type { ApplicationInput, ApplicationStep, CallApplication } from '../../call/application.ts';

export const echo: CallApplication = {
  name: 'echo',
  step(_state: unknown, input: ApplicationInput): ApplicationStep {
    if (input.type !== 'offered') return { state: null, actions: [] };
    return {
      state: null,
      actions: [{ type: 'answer' }, { type: 'play', source: { kind: 'echo' } }],
    };
  },
};
