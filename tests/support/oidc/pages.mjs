const style = `
:root { color-scheme: light dark; --paper: #fbfaf7; --raised: #fff; --line: #8a8780; --ink: #20222b; --fill: #8a5608; --on: #fff; --dead: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181f; --raised: #1f222a; --line: #858a96; --ink: #f0eee9; --fill: #e5b566; --on: #16181f; --dead: #f28b82; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 8vh 16px; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 400px; margin: 0 auto; padding: 28px; background: var(--raised); border-radius: 12px; }
h1 { margin: 0 0 12px; font-size: 22px; }
label { display: block; margin-bottom: 4px; font-weight: 600; }
input[type=text], input[type=password] { width: 100%; margin-bottom: 16px; padding: 9px 11px; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); color: inherit; font: inherit; }
.check { display: flex; gap: 9px; margin-bottom: 20px; } .check label { margin: 0; font-weight: 400; }
.alert { color: var(--dead); font-weight: 600; }
button { padding: 10px 20px; border: 1px solid var(--line); border-radius: 8px; background: none; color: inherit; font: inherit; font-weight: 600; }
button.first { border-color: transparent; background: var(--fill); color: var(--on); }
:focus-visible { outline: 2px solid var(--fill); outline-offset: 2px; }`;

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const buttons = `<button id="log-in" class="first" name="answer" value="log-in">Log in</button>
<button id="deny" name="answer" value="deny">Deny</button>`;

export function loginPage(response, client, username, password, alert) {
  const message = alert ? `<p class="alert" role="alert">${escape(alert)}</p>` : '';
  send(response, 200, 'Log in to Relay', `
<p>A test server. Client <code>${escape(client)}</code> asks for access.</p>${message}
<form method="post">
<label for="username">Username</label>
<input id="username" name="username" type="text" value="${escape(username)}" autocomplete="off">
<label for="password">Password</label>
<input id="password" name="password" type="password" value="${escape(password)}" autocomplete="off">
<div class="check"><input id="remember-me" name="remember_me" type="checkbox" value="yes" checked>
<label for="remember-me">Remember me</label></div>
${buttons}
</form>`);
}

export function consentPage(response, client, scope) {
  send(response, 200, 'Give access', `
<p>Client <code>${escape(client)}</code> asks for <code>${escape(scope)}</code>.</p>
<form method="post">${buttons}</form>`);
}

// The library's forms hold hidden fields and the code's; the buttons are ours.
export function deviceCodePage(ctx, form, out, error) {
  const message = error ? '<p class="alert" role="alert">This code can’t be used.</p>' : '';
  ctx.set(headers);
  ctx.body = html('Enter the code', `${message}${form}
<button id="continue" class="first" type="submit" form="op.deviceInputForm">Continue</button>`);
}

export function deviceConfirmPage(ctx, form, client, _, code) {
  ctx.set(headers);
  ctx.body = html('Is this the code?', `
<p>Client <code>${escape(client.clientId)}</code> shows <code>${escape(code)}</code>.</p>${form}
<button id="continue" class="first" type="submit" form="op.deviceConfirmForm">Continue</button>
<button id="abort" type="submit" form="op.deviceConfirmForm" name="abort" value="yes">Abort</button>`);
}

export function deviceDonePage(ctx) {
  ctx.set(headers);
  ctx.body = html('The device is logged in', '<p>You can close this page.</p>');
}

export function failurePage(response, status) {
  send(response, status, 'This login can’t go on', '<p class="alert" role="alert">Start it again from the app.</p>');
}

export function errorPage(ctx, out) {
  const lines = Object.entries(out).map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`);
  ctx.set(headers);
  ctx.body = html('This login can’t start', `<dl role="alert">${lines.join('')}</dl>`);
}

export function logoutPage(ctx, form) {
  ctx.set(headers);
  ctx.body = html('Log out of Relay?', `${form}
<button id="log-out" class="first" type="submit" form="op.logoutForm" name="logout" value="yes">Log out</button>`);
}

export function loggedOutPage(ctx) {
  ctx.set(headers);
  ctx.body = html('You are logged out', '<p>You can close this page.</p>');
}

function send(response, status, title, body) {
  response.writeHead(status, headers).end(html(title, body));
}

function html(title, body) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;
}

function escape(text) {
  const names = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return String(text).replace(/[&<>"']/g, (character) => names[character]);
}
