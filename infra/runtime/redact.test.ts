import { describe, expect, it } from 'vitest';
import { createRedactor } from './redact.ts';

const redactor = createRedactor('key');
const long = 'Ab1'.repeat(8);

describe('redactor', () => {
  it.each([
    `-----BEGIN RSA PRIVATE KEY-----\n${long}\n-----END RSA PRIVATE KEY-----`,
    `eyJhbGciOiJI.${long}.${long}`,
    'AKIAABCDEFGHIJKLMNOP',
    'ASIAABCDEFGHIJKLMNOP',
    ...['ghp', 'gho', 'ghu', 'ghs', 'ghr', 'github_pat', 'glpat', 'xoxb', 'xapp', 'sk', 'rk', 'pk_live', 'sk_live'].map(
      (prefix) => `${prefix}-${long}`,
    ),
    ...['npm', 'hf', 'dop_v1', 'AIza'].map((prefix) => `${prefix}_${long}`),
    `AIza${long}${long}`,
    `postgres://shop:${long}@db/x`,
    `Authorization: Basic ${long}`,
    `Bearer ${long}`,
    ...['password', 'PASSWD', 'pwd', 'secret', 'api_key', 'accesskey', 'private-key', 'client_secret'].map(
      (name) => `${name}=${long}`,
    ),
    ...['auth_token', 'accessToken', 'refresh-token', 'session_token', 'credential'].map((name) => `${name}: ${long}`),
  ])('finds %s', (text) => {
    expect(redactor.redact(`before ${text} after`)).toMatch(/\[secret:[0-9a-f]{8}\]/);
    expect(redactor.redact(`before ${text} after`)).not.toContain(long);
  });

  it('leaves other texts and shapes alone, and names of members decide too', () => {
    const value = { a: ['GET /stock 200', 3, null], token: 'abc', nested: { password: 'x', text: 'pool is full' } };
    const seen = redactor.redactValue(value);
    expect(seen.a).toEqual(value.a);
    expect(seen.nested.text).toBe('pool is full');
    expect([seen.token, seen.nested.password].every((one) => one.startsWith('[secret:'))).toBe(true);
    expect(redactor.redactValue(seen)).toEqual(seen);
  });
});
