/** Serves the fixture page with the Janus client library exactly as its package carries it. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const HERE = join(import.meta.dirname, 'fixture');
const MODULES = join(import.meta.dirname, '../../../node_modules');

const FILES: { readonly [path: string]: readonly [file: string, type: string] } = {
  '/': [join(HERE, 'page.html'), 'text/html'],
  '/fixture.js': [join(HERE, 'fixture.js'), 'text/javascript'],
  '/sound.js': [join(HERE, 'sound.js'), 'text/javascript'],
  '/recorder-worklet.js': [join(HERE, 'recorder-worklet.js'), 'text/javascript'],
  '/janus.js': [join(MODULES, 'janus-gateway/npm/dist/janus.es.js'), 'text/javascript'],
  '/adapter.js': [join(MODULES, 'webrtc-adapter/out/adapter.js'), 'text/javascript'],
};

export class FixtureServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FixtureServer> {
    const server = createServer((request, response) => {
      const [file, type] = FILES[request.url ?? ''] ?? [];
      if (file === undefined || type === undefined) {
        response.writeHead(404).end();
        return;
      }
      readFile(file).then(
        (body) => response.writeHead(200, { 'Content-Type': type }).end(body),
        () => response.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FixtureServer(server);
  }

  /** `localhost` is a secure context, so the page may use every API. */
  get origin(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
