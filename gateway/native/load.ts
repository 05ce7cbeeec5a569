/** Loads the addon of the native primitives, or says in a typed error why it can't. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { NativeAddon, NativeErrorCode } from './contract.ts';

const BUILT = join(import.meta.dirname, '../../build/native/current/media.node');

/** Throws a NativeError: `native.not_built`, or `native.openssl_mismatch` for another OpenSSL. */
export function loadNative(path: string = BUILT): NativeAddon {
  try {
    return createRequire(import.meta.url)(path) as NativeAddon;
  } catch (error) {
    throw asNativeError(error, path);
  }
}

/** The linker's complaint about a symbol means a runtime without the OpenSSL that we need. */
function asNativeError(error: unknown, path: string): Error {
  const { code, message } = error as { code?: string; message?: string };
  if (code?.startsWith('native.')) return error as Error;
  const reason: NativeErrorCode = message?.includes('undefined symbol')
    ? 'native.openssl_mismatch'
    : 'native.not_built';
  const advice = reason === 'native.not_built' ? '; node scripts/build-native.mjs builds it' : '';
  return Object.assign(new Error(`${path}: ${message}${advice}`, { cause: error }), {
    code: reason,
  });
}
