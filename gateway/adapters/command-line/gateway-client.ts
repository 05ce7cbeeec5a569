/** Asks a running gateway over its HTTP API, for the command line. */
import { fail, type Result, succeed } from '../../core/result.ts';

/** A gateway on this machine answers at once or is in trouble. */
const TIMEOUT_MS = 3_000;

export class GatewayClient {
  readonly #base: string;

  /** `base` is the gateway's address, as in `http://127.0.0.1:8080`. */
  constructor(base: string) {
    this.#base = base;
  }

  /** The answer's text; a fault says whether nobody answered or what was refused. */
  async get(path: string): Promise<Result<string>> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(new URL(path, this.#base), { signal });
      const text = await response.text();
      if (response.ok) return succeed(text);
      return fail('gateway.refused', `${response.status} ${text}`.trim());
    } catch (error) {
      return fail('gateway.silent', `${this.#base} does not answer: ${causeOf(error)}`);
    }
  }
}

/** Where to reach a gateway that is bound so. */
export function addressOf(bind: string, port: number, scheme = 'http'): string {
  const host = localAddressOf(bind);
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What is bound to every address is reached on loopback. */
export function localAddressOf(bind: string): string {
  if (bind === '0.0.0.0') return '127.0.0.1';
  return bind === '::' ? '::1' : bind;
}

/** `fetch` hides the reason one level down. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
