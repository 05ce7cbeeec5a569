/** Runs an application on a call that was routed to it, and carries out what it wants. */
import { owe } from './answering.ts';
import type { ApplicationAction, ApplicationInput } from './application.ts';
import { setSource } from './bridge.ts';
import type { Call } from './call.ts';
import { endCall } from './ending.ts';
import { move, note, type Stage, tellLeg } from './stage.ts';

/** Hands the call to the application of that name; an unknown one is our own mistake. */
export function startApplication(stage: Stage, call: Call, name: string): void {
  if (stage.options.applications[name] === undefined) {
    endCall(stage, call, { name: 'internal-error', detail: `no application ${name}` }, 'gateway');
    return;
  }
  call.application = { name, state: undefined };
  const { id, from, to, headers } = call;
  stepApplication(stage, call, { type: 'offered', call: { call: id, from, to, headers } });
}

/** One step of the call's application, if it has one and lives. */
export function stepApplication(stage: Stage, call: Call, input: ApplicationInput): void {
  const running = call.application;
  if (running === undefined || call.state === 'ending' || call.state === 'ended') return;
  const step = stage.options.applications[running.name]?.step(running.state, input, stage.now);
  if (step === undefined) return;
  call.application = { name: running.name, state: step.state, deadline: step.deadline };
  for (const action of step.actions) perform(stage, call, action);
}

function perform(stage: Stage, call: Call, action: ApplicationAction): void {
  switch (action.type) {
    case 'ring':
      if (move(stage, call, 'rang')) tellLeg(stage, call.caller, { type: 'ring', headers: [] });
      return;
    case 'answer':
      if (move(stage, call, 'answered')) owe(stage, call, 'answer');
      return;
    case 'play':
      setSource(stage, call, call.caller, action.source);
      return;
    case 'end':
      note(stage, call, 'application.ended', { application: call.application?.name ?? '' });
      endCall(stage, call, action.cause, 'callee');
      return;
  }
}
