/** The root of a media process: wires native primitives, packet plane and contract, and serves. */
import { availableParallelism } from 'node:os';
import type { Configuration } from '../config/configuration.ts';
import { loadConfiguration } from '../config/load.ts';
import { codecLibrary } from '../transcoder/library.ts';
import { loadOpus } from '../transcoder/native/load.ts';
import { opusCodec } from '../transcoder/opus.ts';
import { SystemClock } from './adapters/clock/system-clock.ts';
import { readTextFile } from './adapters/files/read-text-file.ts';
import { processLog } from './adapters/log/process-log.ts';
import { ContractServer } from './adapters/media-link/contract-server.ts';
import { firstHostAddress } from './adapters/media-link/host-address.ts';
import { machineCensus } from './adapters/media-link/machine-census.ts';
import { MediaDriver } from './adapters/media-link/media-driver.ts';
import { EXIT_CONFIGURATION } from './adapters/process/child-contract.ts';
import { compileBy, MEDIA_CODE } from './adapters/process/compiler.ts';
import { mediaPlaces } from './adapters/process/media-places.ts';
import { beSupervised } from './adapters/process/supervised.ts';
import { SystemRandom } from './adapters/random/system-random.ts';
import type { MediaProcessOptions } from './media/options.ts';
import { describe } from './media/packet-loop.ts';
import { loadNative } from './native/load.ts';

/** ICE and DTLS that are not done by then won't be. */
const CONNECT_SECONDS = 30;

compileBy(MEDIA_CODE);
const loaded = loadConfiguration(process.env, readTextFile);
if (!loaded.ok) {
  process.stderr.write(`${loaded.fault.detail}\n`);
  process.exit(EXIT_CONFIGURATION);
}
const configuration = loaded.value;
const clock = new SystemClock();
const index = Number(process.argv[2] ?? 0);
const { dataDirectory, media } = configuration;
const place = mediaPlaces(dataDirectory, media.processes, availableParallelism())[index];
if (place === undefined) {
  process.stderr.write(`there is no media process ${index}\n`);
  process.exit(EXIT_CONFIGURATION);
}
const log = processLog(`media-${place.id}`, configuration.log, clock);

const driver = new MediaDriver(optionsFrom(configuration, place.id, index), {
  addon: loadNative(),
  codecs: codecLibrary([opusCodec(loadOpus())]),
  clock,
  random: new SystemRandom(),
  log,
  census: machineCensus,
  onEvent: (event) => server.publish(event),
});
const server: ContractServer = new ContractServer({
  socketPath: place.socket,
  execute: (command) => driver.execute(command),
  log,
  orphanMs: media.orphanSeconds * 1000,
  onOrphaned: () => {
    log.warn('media.orphaned', { seconds: media.orphanSeconds });
    void stop().then(() => process.exit(0));
  },
});
const tellReady = beSupervised({ log, orphanMs: media.orphanSeconds * 1000, stop });

try {
  driver.start();
} catch (error) {
  log.error('media.cannot-start', { error: describe(error) });
  process.exit(EXIT_CONFIGURATION);
}
await server.listen();
log.info('media.ready', { webRtcPort: configuration.webrtc.port + index });
tellReady();

async function stop(): Promise<void> {
  driver.close();
  await server.close();
}

function optionsFrom(from: Configuration, id: string, index: number): MediaProcessOptions {
  const interfaces = from.interfaces.map(({ name, bind, advertise, mediaNetworks }) => ({
    name,
    bind,
    advertise: advertise ?? bind,
    mediaNetworks,
  }));
  const isAllLoopback = interfaces.every(({ bind }) => bind.startsWith('127.') || bind === '::1');
  const host = isAllLoopback && from.webrtc.includeHostAddress ? firstHostAddress() : undefined;
  return {
    process: id,
    interfaces,
    extraWebRtcAddresses: host === undefined ? [] : [host],
    webRtcPort: from.webrtc.port + index,
    rtpPorts: from.rtp.ports,
    timeouts: {
      talkSeconds: from.rtp.talkTimeoutSeconds,
      holdSeconds: from.rtp.holdTimeoutSeconds,
      connectSeconds: CONNECT_SECONDS,
    },
  };
}
