/** Debian's rtpengine as a relay under test: in user space, its calls made by its ng protocol. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type BencodeDictionary, type Bencoded, bencode, decodeDictionary } from './bencode.ts';
import { type CallDescription, readDescription, writeDescription } from './call-description.ts';
import { startPinned, untilReady } from './child-process.ts';
import type { RelayedCall, RelayUnderTest, RunningRelay } from './relay-under-test.ts';

const ADDRESS = '127.0.0.1';
const ANSWER_PATIENCE_MS = 1000;
const START_PATIENCE_MS = 10_000;

export interface RtpengineOptions {
  readonly controlPort: number;
  readonly mediaPorts: readonly [number, number];
  /** Four by its own default on a small machine; on one core, one is the cheapest (measured). */
  readonly threads?: number;
}

export function rtpengine(options: RtpengineOptions): RelayUnderTest {
  const command = [
    'rtpengine',
    '--foreground',
    '--log-stderr',
    '--log-level=4',
    '--config-file=none',
    '--table=-1',
    '--timeout=3600',
    '--silent-timeout=3600',
    `--interface=${ADDRESS}`,
    `--listen-ng=${ADDRESS}:${options.controlPort}`,
    `--port-min=${options.mediaPorts[0]}`,
    `--port-max=${options.mediaPorts[1]}`,
    ...(options.threads === undefined ? [] : [`--num-threads=${options.threads}`]),
  ];
  return {
    name: 'rtpengine',
    command,
    version: () => execFileSync('rtpengine', ['--version']).toString().trim(),
    async start(core) {
      const started = startPinned(core, command);
      const control = await ControlSocket.open(options.controlPort);
      await untilReady(started, () => control.ask({ command: 'ping' }), START_PATIENCE_MS);
      return runningRtpengine(control, started.processId, async () => {
        await started.end();
        control.close();
      });
    },
  };
}

function runningRtpengine(
  control: ControlSocket,
  processId: number,
  stop: () => Promise<void>,
): RunningRelay {
  return {
    processId,
    stop,
    async call(caller, callee) {
      const tags = {
        'call-id': randomBytes(8).toString('hex'),
        'from-tag': randomBytes(4).toString('hex'),
      };
      const offer = { command: 'offer', ...tags, sdp: writeDescription(caller) };
      const offered = await control.ask({ ...offer, ...towardsPlainRtp(caller) });
      const answered = await control.ask({
        command: 'answer',
        ...tags,
        'to-tag': randomBytes(4).toString('hex'),
        sdp: writeDescription(callee),
        DTLS: 'passive',
      });
      return relayedCall(offered, answered);
    },
  };
}

/** What makes the callee's side plain RTP, and the caller's side ICE-lite if it has ICE. */
function towardsPlainRtp(caller: CallDescription): BencodeDictionary {
  const lite: BencodeDictionary = caller.keying.kind === 'dtls' ? { 'ICE-lite': 'backward' } : {};
  return { 'transport-protocol': 'RTP/AVP', ICE: 'remove', 'rtcp-mux': ['demux'], ...lite };
}

function relayedCall(offered: BencodeDictionary, answered: BencodeDictionary): RelayedCall {
  return {
    towardsCallee: readDescription(String(offered.sdp)),
    towardsCaller: readDescription(String(answered.sdp)),
  };
}

/** The ng protocol: a cookie, a space, and a bencoded dictionary each way, over UDP. */
class ControlSocket {
  readonly #socket: Socket;
  readonly #port: number;
  readonly #waiting = new Map<string, (answer: BencodeDictionary) => void>();

  static async open(port: number): Promise<ControlSocket> {
    const socket = createSocket('udp4');
    socket.bind(0, ADDRESS);
    await once(socket, 'listening');
    return new ControlSocket(socket, port);
  }

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#port = port;
    socket.on('message', (message) => {
      const space = message.indexOf(' ');
      this.#waiting.get(message.toString('latin1', 0, space))?.(
        decodeDictionary(message.subarray(space + 1)),
      );
    });
  }

  async ask(question: { readonly [key: string]: Bencoded }): Promise<BencodeDictionary> {
    const cookie = randomBytes(6).toString('hex');
    try {
      const answer = await new Promise<BencodeDictionary>((resolve, reject) => {
        this.#waiting.set(cookie, resolve);
        this.#socket.send(`${cookie} ${bencode(question)}`, this.#port, ADDRESS);
        setTimeout(reject, ANSWER_PATIENCE_MS, new Error('no answer on the ng port')).unref();
      });
      if (answer.result === 'error') throw new Error(String(answer['error-reason']));
      return answer;
    } finally {
      this.#waiting.delete(cookie);
    }
  }

  close(): void {
    this.#socket.close();
  }
}
