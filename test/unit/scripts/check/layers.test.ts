/** The table of layers, held against imports that it must forbid and imports that it must allow. */
import { describe, expect, test } from '@jest/globals';
import { layerRules } from '../../../../scripts/check/layers.mjs';

interface Side {
  readonly path?: string | readonly string[];
  readonly pathNot?: string;
  readonly dependencyTypes?: readonly string[];
  readonly circular?: boolean;
  readonly couldNotResolve?: boolean;
}

function matches(side: Side, path: string): boolean {
  const wanted = [side.path ?? '.'].flat();
  if (!wanted.some((pattern) => new RegExp(pattern).test(path))) return false;
  return side.pathNot === undefined || !new RegExp(side.pathNot).test(path);
}

/** Names of the rules that an import breaks, leaving out those that look at more than two paths. */
function broken(from: string, to: string): string[] {
  const core = !to.includes('/');
  return (layerRules() as { name: string; from: Side; to: Side }[])
    .filter((rule) => !rule.to.circular && !rule.to.couldNotResolve)
    .filter((rule) => (rule.to.dependencyTypes?.includes('core') ?? false) === core)
    .filter((rule) => matches(rule.from, from) && matches(rule.to, to))
    .map((rule) => rule.name);
}

describe('layers', () => {
  test.each([
    ['gateway/main.ts', 'gateway/adapters/log/pino-log.ts'],
    ['gateway/main.ts', 'config/load.ts'],
    ['gateway/adapters/sip/driver.ts', 'gateway/sip/endpoint.ts'],
    ['gateway/janus/face.ts', 'gateway/call/leg-contract.ts'],
    ['gateway/apps/echo/echo.ts', 'gateway/call/application.ts'],
    ['gateway/call/b2bua.ts', 'gateway/routing/routes.ts'],
    ['gateway/call/call.ts', 'gateway/media-contract/contract.ts'],
    ['gateway/media/packet-loop.ts', 'gateway/media-contract/contract.ts'],
    ['gateway/media/packet-loop.ts', 'gateway/native/contract.ts'],
    ['gateway/media/codec/codec-path.ts', 'transcoder/codec.ts'],
    ['gateway/sip/dialog.ts', 'gateway/wire/sip/uri.ts'],
    ['gateway/wire/sip/uri.ts', 'gateway/core/result.ts'],
    ['gateway/wire/sip/uri.ts', 'gateway/wire/rtp/header.ts'],
    ['gateway/sip/digest.ts', 'crypto'],
    ['gateway/adapters/sip/driver.ts', 'dgram'],
    ['admin-ui/phone.ts', 'gateway/admin/contract.ts'],
    ['test/unit/x.test.ts', 'gateway/call/call.ts'],
  ])('%s may import %s', (from, to) => {
    expect(broken(from, to)).toEqual([]);
  });

  test.each([
    ['gateway/core/result.ts', 'gateway/wire/sip/uri.ts'],
    ['gateway/wire/rtp/header.ts', 'gateway/media/packet-loop.ts'],
    ['gateway/sip/endpoint.ts', 'gateway/offer-answer/answer.ts'],
    ['gateway/offer-answer/answer.ts', 'gateway/sip/endpoint.ts'],
    ['gateway/wire/rtp/header.ts', 'gateway/formats/wav.ts'],
    ['gateway/call/call.ts', 'gateway/media/packet-loop.ts'],
    ['gateway/call/call.ts', 'gateway/janus/face.ts'],
    ['gateway/call/call.ts', 'gateway/native/contract.ts'],
    ['gateway/media/packet-loop.ts', 'gateway/call/call.ts'],
    ['gateway/routing/routes.ts', 'gateway/call/call.ts'],
    ['gateway/janus/face.ts', 'gateway/admin/routes.ts'],
    ['gateway/janus/face.ts', 'gateway/adapters/http/server.ts'],
    ['gateway/call/call.ts', 'config/configuration.ts'],
    ['gateway/adapters/http/server.ts', 'config/configuration.ts'],
    ['gateway/call/call.ts', 'gateway/main.ts'],
    ['gateway/sip/endpoint.ts', 'dgram'],
    ['gateway/media/packet-loop.ts', 'fs'],
    ['config/load.ts', 'fs'],
    ['admin-ui/phone.ts', 'gateway/core/result.ts'],
    ['gateway/call/call.ts', 'admin-ui/phone.ts'],
    ['gateway/call/call.ts', 'test/support/phone.ts'],
  ])('%s may not import %s', (from, to) => {
    expect(broken(from, to)).not.toEqual([]);
  });
});
