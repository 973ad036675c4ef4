// What came to the token endpoint: how often each grant type was asked for, how often with which
// error, and how many token families were revoked.
export class Counts {
  #grants = { authorization_code: 0, refresh_token: 0 };
  #errors = {};
  #revoked = new Set();

  constructor(provider) {
    provider.on('grant.success', (ctx) => this.#grant(ctx));
    provider.on('grant.error', (ctx, error) => {
      this.#grant(ctx);
      this.#errors[error.error] = (this.#errors[error.error] ?? 0) + 1;
    });
    provider.on('grant.revoked', (_, grant) => this.#revoked.add(grant));
  }

  #grant(ctx) {
    const type = ctx.oidc?.params?.grant_type ?? ctx.oidc?.body?.grant_type ?? 'none';
    this.#grants[type] = (this.#grants[type] ?? 0) + 1;
  }

  show(response) {
    response.setHeader('content-type', 'application/json');
    response.setHeader('cache-control', 'no-store');
    const families = this.#revoked.size;
    response.end(JSON.stringify({ ...this.#grants, errors: this.#errors, revoked_families: families }));
  }
}
