import * as account from './account.mjs';
import { consentPage, failurePage, loginPage } from './pages.mjs';

const largestForm = 16 * 1024;

// Shows the login and the consent page, and takes their answers.
export async function interaction(provider, request, response) {
  try {
    const details = await provider.interactionDetails(request, response);
    if (request.method !== 'POST') return show(details, response);
    const form = await readForm(request);
    if (form.get('answer') === 'deny') return await deny(provider, request, response);
    if (details.prompt.name === 'login') return await logIn(provider, request, response, form);
    return await consent(provider, request, response, details);
  } catch (error) {
    return failurePage(response, error.statusCode ?? 500);
  }
}

function show({ prompt, params }, response) {
  if (prompt.name === 'login') return loginPage(response, params.client_id, account.username, account.password);
  return consentPage(response, params.client_id, params.scope ?? '');
}

async function readForm(request) {
  let text = '';
  for await (const part of request) {
    text += part;
    if (text.length > largestForm) throw Object.assign(new Error('too large'), { statusCode: 413 });
  }
  return new URLSearchParams(text);
}

function deny(provider, request, response) {
  const result = { error: 'access_denied', error_description: 'The person denied the request' };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function logIn(provider, request, response, form) {
  const username = form.get('username') ?? '';
  if (username !== account.username || form.get('password') !== account.password) {
    const { params } = await provider.interactionDetails(request, response);
    return loginPage(response, params.client_id, username, '', 'Wrong username or password.');
  }
  const result = { login: { accountId: account.subject, remember: form.has('remember_me') } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function consent(provider, request, response, { prompt, params, session, grantId }) {
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes = {} } = prompt.details;
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(missingResourceScopes)) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  const result = { consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}
