/** `causeway call …`: calls of the running gateway, and what was said in them. */
import { addressOf, GatewayClient } from '../adapters/command-line/gateway-client.ts';
import { fail, type Result } from '../core/result.ts';
import { configurationOf } from './check.ts';

/** All calls, or one of them, as JSON. */
export function printCalls(id?: string): Promise<0 | 1> {
  return print(id === undefined ? '/v1/calls' : `/v1/calls/${encodeURIComponent(id)}`, indent);
}

export function printTrace(id: string): Promise<0 | 1> {
  return print(`/v1/calls/${encodeURIComponent(id)}/trace`, (text) => text);
}

/** Asks the gateway that this configuration runs. */
export async function ask(path: string): Promise<Result<string>> {
  const loaded = configurationOf();
  if (!loaded.ok) return loaded;
  const { http, interfaces } = loaded.value;
  const bind = interfaces[0]?.bind;
  if (bind === undefined) return fail('configuration.refused', 'no interface');
  return new GatewayClient(addressOf(bind, http.port)).get(path);
}

async function print(path: string, shape: (text: string) => string): Promise<0 | 1> {
  const answer = await ask(path);
  if (!answer.ok) {
    process.stderr.write(`${answer.fault.detail}\n`);
    return 1;
  }
  process.stdout.write(`${shape(answer.value).trimEnd()}\n`);
  return 0;
}

function indent(json: string): string {
  return JSON.stringify(JSON.parse(json), undefined, 2);
}
