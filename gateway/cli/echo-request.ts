/** How a caller on this machine reaches the echo of the gateway that a configuration describes. */
import type { Configuration } from '../../config/configuration.ts';
import { addressOf, localAddressOf } from '../adapters/command-line/gateway-client.ts';
import type { EchoRequest } from '../adapters/self-test/echo-request.ts';
import { servesHttps } from '../signalling-process/web-listeners.ts';

/** Over TLS where browsers come over TLS. */
export function echoRequestTo(configuration: Configuration): EchoRequest {
  const { http, https, interfaces, janus } = configuration;
  const bind = interfaces[0]?.bind ?? '127.0.0.1';
  const base = servesHttps(configuration)
    ? addressOf(bind, https.port, 'wss')
    : addressOf(bind, http.port, 'ws');
  return {
    url: `${base}/janus`,
    apiSecret: janus.apiSecret?.reveal(),
    token: janus.tokens[0]?.reveal(),
    addresses: interfaces.flatMap(({ bind, advertise }) =>
      advertise === undefined ? [] : [[advertise, localAddressOf(bind)] as const],
    ),
  };
}
