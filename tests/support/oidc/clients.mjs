// Relay's two clients (providers.md §1.1), and one of each kind that a generic API may ask for.
const loopback = ['http://127.0.0.1/callback'];
const person = ['authorization_code', 'refresh_token'];
const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code';

const relays = ['RJZKRhh9', '83756T4P'].map((id) => ({
  ...client(id, 'none', person, ['http://127.0.0.1/authorization-code/callback', 'dev.keydesk:/callback']),
  post_logout_redirect_uris: ['http://127.0.0.1/end-session/callback'],
}));

export const clients = [
  ...relays,
  client('public', 'none', [...person, deviceCode], loopback),
  client('by-basic', 'client_secret_basic', person, loopback),
  client('in-body', 'client_secret_post', person, loopback),
  client('program', 'client_secret_basic', ['client_credentials'], []),
];

export function isRelays({ clientId }) {
  return relays.some((relay) => relay.client_id === clientId);
}

// A desktop app's: any port of a loopback literal (RFC 8252 §7.3).
function client(id, authentication, grants, redirects) {
  const confidential = authentication !== 'none';
  return {
    client_id: id,
    // Each character of it has a meaning in a form or in Basic. It guards nothing.
    ...(confidential && { client_secret: 'a:b%c+e' }),
    application_type: 'native',
    token_endpoint_auth_method: authentication,
    grant_types: grants,
    response_types: redirects.length ? ['code'] : [],
    redirect_uris: redirects,
  };
}
