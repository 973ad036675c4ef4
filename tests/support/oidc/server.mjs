// A certified authorization server (oidc-provider) with the paths of Relay's Keycloak realm, and generic clients beside
// Relay's (clients.mjs).
//
//   node server.mjs [PORT]     or PORT=…, 0 or nothing for any free port
//   ACCESS_TTL=5               seconds that an access token lives, 7200 if not given
//
// Prints one line, {"issuer":"http://127.0.0.1:…"}, when it is ready. Ends on SIGTERM, and when its
// standard input closes: a test that dies takes it along.
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

import { configuration } from './configuration.mjs';
import { Counts } from './counts.mjs';
import { interaction } from './interaction.mjs';

// The library's hints on defaults would stand on standard output, before the line that is awaited.
console.info = () => {};

const port = Number(process.argv[2] ?? process.env.PORT ?? 0);
const lifetime = Number(process.env.ACCESS_TTL ?? 7200);

const server = createServer();
server.listen(port, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration(lifetime));
  provider.use(consentForOfflineAccess);
  const counts = new Counts(provider);
  const callback = provider.callback();
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url, issuer);
    if (pathname === '/test/counts') return counts.show(response);
    if (pathname.startsWith('/interaction/')) return interaction(provider, request, response);
    return callback(request, response);
  });
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
server.on('error', (error) => {
  console.error(`oidc: can't listen at port ${port}: ${error.code}`);
  process.exit(1);
});

// OpenID Connect Core §11 lets a server ignore offline_access without prompt=consent, and this one
// does. Keycloak doesn't, so Relay's clients never send it (providers.md §1.2): it is added here.
async function consentForOfflineAccess(ctx, next) {
  const query = new URLSearchParams(ctx.querystring);
  const asks = ctx.path === '/realms/Relay/protocol/openid-connect/auth';
  if (asks && query.get('scope')?.split(' ').includes('offline_access') && !query.has('prompt')) {
    query.set('prompt', 'consent');
    ctx.querystring = query.toString();
  }
  await next();
}

function end() {
  process.exit(0);
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
process.stdin.on('end', end).on('close', end).on('error', end).resume();
