/** Loads the addon of the native codecs, or says in a typed error why it can't. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CodecErrorCode, OpusAddon } from './contract.ts';

const BUILT = join(import.meta.dirname, '../../build/native/current/codecs.node');

/** Throws an Error whose code is `native.not_built`, also where libopus itself is missing. */
export function loadOpus(path: string = BUILT): OpusAddon {
  try {
    return createRequire(import.meta.url)(path) as OpusAddon;
  } catch (error) {
    const code: CodecErrorCode = 'native.not_built';
    const reason = (error as Error).message;
    const advice = 'node scripts/build-native.mjs builds it';
    throw Object.assign(new Error(`${path}: ${reason}; ${advice}`, { cause: error }), { code });
  }
}
