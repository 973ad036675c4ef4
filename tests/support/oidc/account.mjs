// The sandbox's demo account, here too. It guards nothing.
export const username = 'alice@hillside.example';
export const password = 'sandbox';
export const subject = '98071da3-572b-4552-be88-8907a9ad03ef';

export const claims = {
  preferred_username: username,
  email: username,
  email_verified: true,
  name: 'Alice Rodriguez',
  given_name: 'Alice',
  family_name: 'Rodriguez',
};
