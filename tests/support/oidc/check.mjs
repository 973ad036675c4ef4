// Walks a whole login with the server, as a client and its browser would: npm run check.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';

const secret = 'a:b%c+e';
const redirect = 'http://127.0.0.1:49152/authorization-code/callback';
const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');

const server = spawn(process.execPath, [new URL('server.mjs', import.meta.url).pathname, '0'], {
  env: { ...process.env, ACCESS_TTL: '5' },
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [line] = await once(server.stdout, 'data');
const { issuer } = JSON.parse(line);
const realm = `${issuer}/realms/Relay/protocol/openid-connect`;
console.log(`ready at ${issuer}`);

const cookies = new Map();

async function browse(url, form) {
  const response = await fetch(url, {
    method: form ? 'POST' : 'GET',
    body: form && new URLSearchParams(form),
    redirect: 'manual',
    headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
  });
  for (const cookie of response.headers.getSetCookie()) {
    const [name, value] = cookie.split(';')[0].split('=');
    cookies.set(name, value);
  }
  return response;
}

async function follow(response) {
  let location = response.headers.get('location');
  while (location && new URL(location, issuer).origin === issuer) {
    const url = new URL(location, issuer).href;
    const next = await browse(url);
    location = next.headers.get('location');
    if (!location) return { url, text: await next.text() };
  }
  return { url: location };
}

function authorizationUrl(otherwise = {}) {
  return `${realm}/auth?${new URLSearchParams({
    client_id: 'RJZKRhh9', response_type: 'code', scope: 'openid profile offline_access', redirect_uri: redirect,
    state: 's-1', nonce: 'n-1', code_challenge_method: 'S256', code_challenge: challenge, ...otherwise,
  })}`;
}

async function logIn(otherwise) {
  cookies.clear();
  const login = await follow(await browse(authorizationUrl(otherwise)));
  assert.match(login.text, /id="username"[^]*id="password"[^]*id="log-in"/);
  const wrong = await browse(login.url, { username: 'alice@hillside.example', password: 'no' });
  assert.match(await wrong.text(), /role="alert"/);
  const consent = await follow(await browse(login.url, { username: 'alice@hillside.example', password: 'sandbox' }));
  assert.match(consent.text, /Give access[^]*id="log-in"/);
  const end = await follow(await browse(consent.url, { answer: 'log-in' }));
  const answer = new URL(end.url);
  assert.equal(answer.searchParams.get('state'), 's-1');
  assert.equal(answer.searchParams.get('iss'), issuer);
  assert.ok(end.url.startsWith(otherwise?.redirect_uri ?? redirect));
  return answer.searchParams.get('code');
}

async function token(form) {
  const response = await fetch(`${realm}/token`, { method: 'POST', body: new URLSearchParams({ client_id: 'RJZKRhh9', ...form }) });
  return { status: response.status, ...(await response.json()) };
}
const redeem = (code, otherwise) => token({ grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier, ...otherwise });
const refresh = (refresh_token) => token({ grant_type: 'refresh_token', refresh_token });

// The clients of generic APIs, at the endpoints that discovery names.
async function generic() {
  const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  assert.equal(metadata.issuer, issuer);
  assert.equal(metadata.authorization_response_iss_parameter_supported, true);
  const ask = async (form, headers = {}) => {
    const response = await fetch(metadata.token_endpoint, { method: 'POST', headers, body: new URLSearchParams(form) });
    return { status: response.status, ...(await response.json()) };
  };
  const basic = (id, secret) => ({ authorization: `Basic ${btoa(`${id}:${encodeURIComponent(secret)}`)}` });
  const redirect_uri = 'http://127.0.0.1:49152/callback';
  const code = async (client_id) => ({
    grant_type: 'authorization_code', code: await logIn({ client_id, redirect_uri }), redirect_uri, code_verifier: verifier,
  });
  const known = async (answer) => {
    assert.equal(answer.status, 200, JSON.stringify(answer));
    const headers = { authorization: `Bearer ${answer.access_token}` };
    return (await fetch(metadata.userinfo_endpoint, { headers })).status;
  };

  assert.equal(await known(await ask({ ...(await code('public')), client_id: 'public' })), 200);
  assert.equal(await known(await ask(await code('by-basic'), basic('by-basic', secret))), 200);
  assert.equal(await known(await ask({ ...(await code('in-body')), client_id: 'in-body', client_secret: secret })), 200);
  refused(await ask(await code('by-basic'), basic('by-basic', 'a:b')), 'invalid_client');
  const program = await ask({ grant_type: 'client_credentials' }, basic('program', secret));
  assert.equal(program.token_type, 'Bearer', JSON.stringify(program));
  console.log('generic clients: public, Basic, body, client_credentials; userinfo takes their tokens');

  const scope = 'openid profile offline_access';
  const asked = await fetch(metadata.device_authorization_endpoint, {
    method: 'POST', body: new URLSearchParams({ client_id: 'public', scope }),
  });
  const { device_code, user_code, verification_uri, expires_in } = await asked.json();
  const poll = () => ask({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', client_id: 'public', device_code });
  refused(await poll(), 'authorization_pending');
  cookies.clear();
  const enter = await (await browse(verification_uri)).text();
  const xsrf = enter.match(/name="xsrf" value="([^"]+)"/)[1];
  const confirm = await (await browse(verification_uri, { xsrf, user_code })).text();
  assert.ok(confirm.includes(user_code), confirm);
  const login = await follow(await browse(verification_uri, { xsrf, user_code, confirm: 'yes' }));
  const consent = await follow(await browse(login.url, { username: 'alice@hillside.example', password: 'sandbox' }));
  const end = await follow(await browse(consent.url, { answer: 'log-in' }));
  assert.match(end.text, /The device is logged in/);
  const device = await poll();
  assert.equal(await known(device), 200);
  console.log('device flow:', Object.keys(device).join(' '), '| scope:', device.scope, '| the code lives', expires_in);
}

function refused(answer, error = 'invalid_grant') {
  assert.equal(answer.error, error, JSON.stringify(answer));
}

try {
  const code = await logIn();
  const first = await redeem(code);
  assert.equal(first.status, 200, JSON.stringify(first));
  const claims = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
  const access = claims(first.access_token);
  assert.equal(access.preferred_username, 'alice@hillside.example');
  assert.equal(access.exp - access.iat, 5);
  assert.equal(claims(first.id_token).nonce, 'n-1');
  console.log('code flow with PKCE:', Object.keys(first).join(' '), '| scope:', first.scope, '| expires_in:', first.expires_in);
  console.log('access token claims:', Object.keys(access).join(' '));
  console.log('id token claims:', Object.keys(claims(first.id_token)).join(' '));

  const second = await refresh(first.refresh_token);
  assert.equal(second.status, 200, JSON.stringify(second));
  assert.notEqual(second.refresh_token, first.refresh_token);
  console.log('refresh rotates:', Object.keys(second).join(' '), '| scope:', second.scope);

  refused(await refresh(first.refresh_token));
  refused(await refresh(second.refresh_token));
  console.log('reuse of a rotated refresh token: invalid_grant, and the new one is dead too');

  refused(await redeem(await logIn(), { code_verifier: 'a'.repeat(43) }));
  refused(await redeem(await logIn(), { code_verifier: '' }));
  refused(await redeem(await logIn(), { redirect_uri: redirect.replace('49152', '49153') }));
  console.log('wrong verifier, no verifier, other redirect URI: invalid_grant');

  const again = await logIn();
  const given = await redeem(again);
  refused(await redeem(again));
  refused(await refresh(given.refresh_token));
  console.log('second use of a code: invalid_grant, and what it gave is dead');

  const wrong = await browse(authorizationUrl({ redirect_uri: 'http://127.0.0.1:1/elsewhere' }));
  assert.equal(wrong.status, 400);
  const plain = new URL((await browse(authorizationUrl({ code_challenge_method: 'plain' }))).headers.get('location'));
  assert.equal(plain.searchParams.get('error'), 'invalid_request');
  console.log('unknown redirect URI: page, no redirect; PKCE plain: invalid_request');

  const link = await follow(await browse(authorizationUrl({ redirect_uri: 'dev.keydesk:/callback' })));
  console.log('private-use scheme after login:', link.text ? 'asks for consent again' : link.url.split('?')[0]);
  await generic();
  console.log('counts:', await (await fetch(`${issuer}/test/counts`)).text());
} finally {
  server.stdin.end();
  const [status] = await once(server, 'exit');
  console.log('ends when its standard input closes, status', status);
}
