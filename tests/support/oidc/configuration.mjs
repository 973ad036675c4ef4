import { generateKeyPairSync, randomBytes } from 'node:crypto';

import { claims } from './account.mjs';
import { clients, isRelays } from './clients.mjs';
import { deviceCodePage, deviceConfirmPage, deviceDonePage, errorPage, logoutPage, loggedOutPage } from './pages.mjs';

const realm = '/realms/Relay/protocol/openid-connect'; // providers.md §1.1
const day = 24 * 60 * 60;

export function configuration(lifetime) {
  return {
    clients,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['preferred_username', 'email', 'name', 'given_name', 'family_name'],
    },
    // The CLI asks for openid and profile, and reads e-mail and name in the id token (providers.md §1.2).
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...claims }) }),
    routes: {
      authorization: `${realm}/auth`,
      token: `${realm}/token`,
      end_session: `${realm}/logout`,
      userinfo: `${realm}/userinfo`,
      jwks: `${realm}/certs`,
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: deviceCodePage,
        userCodeConfirmSource: deviceConfirmPage,
        successSource: deviceDonePage,
      },
      resourceIndicators: jwtAccessTokens(lifetime),
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => logoutPage(ctx, form),
        postLogoutSuccessSource: loggedOutPage,
      },
    },
    extraTokenClaims: () => ({ typ: 'Bearer', ...claims }),
    renderError: errorPage,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: {
      AccessToken: lifetime,
      AuthorizationCode: 60,
      ClientCredentials: lifetime,
      DeviceCode: 60,
      Grant: 14 * day,
      IdToken: lifetime,
      Interaction: 60 * 60,
      RefreshToken: 14 * day,
      Session: day,
    },
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
  };
}

// Keycloak's access tokens are JWTs (providers.md §1.2); here only those for a resource are. The other clients' are
// opaque, and userinfo takes them.
function jwtAccessTokens(lifetime) {
  return {
    enabled: true,
    defaultResource: (_, client) => (isRelays(client) ? 'urn:relay:api' : undefined),
    useGrantedResource: () => true,
    getResourceServerInfo: () => ({
      scope: 'openid profile email offline_access',
      audience: 'account',
      accessTokenFormat: 'jwt',
      accessTokenTTL: lifetime,
    }),
  };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'keydesk-oidc' };
}
