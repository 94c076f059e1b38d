import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Credentials, digestResponse, digestSecret, type Hashes, verifyResponse } from './index.ts';

const hashes: Hashes = { md5: (text) => hash('md5', text), sha256: (text) => hash('sha256', text) };

/** RFC 7616 §3.9.1. */
const example = {
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  method: 'GET',
  uri: '/dir/index.html',
  auth: { cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ', nonceCount: 1 },
};
const mufasa = { username: 'Mufasa', realm: 'http-auth@example.org', password: 'Circle of Life' };

describe('the response to a challenge', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('RFC 7616 §3.9.1: %s', (algorithm, response) => {
    const ha1 = digestSecret(mufasa, algorithm, hashes);
    expect(digestResponse({ ...example, algorithm, ha1 }, hashes)).toBe(response);
  });

  it('RFC 2617 §3.5: the older example', () => {
    const account = { username: 'Mufasa', realm: 'testrealm@host.com', password: 'Circle Of Life' };
    const ha1 = digestSecret(account, 'MD5', hashes);
    const response = digestResponse(
      {
        algorithm: 'MD5',
        ha1,
        nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
        method: 'GET',
        uri: '/dir/index.html',
        auth: { cnonce: '0a4f113b', nonceCount: 1 },
      },
      hashes,
    );
    expect(response).toBe('6629fae49393a05397450978507c4ef1');
  });

  it('RFC 2069 §2.4: without qop it is made of nonce and both hashes alone', () => {
    const ha1 = hashes.md5('Mufasa:testrealm@host.com:CircleOfLife');
    const response = digestResponse(
      {
        algorithm: 'MD5',
        ha1,
        nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
        method: 'GET',
        uri: '/dir/index.html',
      },
      hashes,
    );
    // The value of the erratum to RFC 2069: the printed one was wrong.
    expect(response).toBe('1949323746fe6a43ef61f9606e7febea');
  });

  it('is accepted for its own password, method, URI and count, and for no other', () => {
    const ha1 = digestSecret(mufasa, 'SHA-256', hashes);
    const credentials: Credentials = {
      username: mufasa.username,
      realm: mufasa.realm,
      nonce: example.nonce,
      uri: example.uri,
      auth: example.auth,
      algorithm: 'SHA-256',
      response: digestResponse({ ...example, algorithm: 'SHA-256', ha1 }, hashes),
    };
    expect(verifyResponse(credentials, ha1, 'GET', hashes)).toBe(true);
    expect(verifyResponse(credentials, ha1, 'PUT', hashes)).toBe(false);
    expect(verifyResponse({ ...credentials, uri: '/other' }, ha1, 'GET', hashes)).toBe(false);
    const replayed = { ...credentials, auth: { ...example.auth, nonceCount: 2 } };
    expect(verifyResponse(replayed, ha1, 'GET', hashes)).toBe(false);
    const other = digestSecret({ ...mufasa, password: 'Circle of life' }, 'SHA-256', hashes);
    expect(verifyResponse(credentials, other, 'GET', hashes)).toBe(false);
  });
});
