import {expect, test} from 'vitest'

import {maskSecrets} from '../src/stderr/find-secrets.ts'

test.each([
  ['postgres://ada:lovelace@db.example/x', 'postgres://***@db.example/x'],
  ['postgres://ada:love', 'postgres://***'],
  ['GET https://example.org/a?token=abc&b=1#frag failed', 'GET https://example.org/a?*** failed'],
  ['connect to wss://example.org/s#secret', 'connect to wss://example.org/s#***'],
  ['Authorization: Bearer abcdefghijkl', 'Authorization: ***'],
  ['sent Bearer abcdefghijkl', 'sent Bearer ***'],
  ['sent Bearer abc', 'sent Bearer ***'],
  ['{"authorization": "Basic YWRhOmxvdmU="}', '{"authorization": "***"}'],
  ['ANTHROPIC_API_KEY=abc123 npm start', 'ANTHROPIC_API_KEY=*** npm start'],
  ['{"password": "two words"}', '{"password": "***"}'],
  ['{"password": "a\\" quote"}', '{"password": "***"}'],
  ['"{\\"password\\":\\"two words\\"}"', '"{\\"password\\":\\"***"}"'],
  ["client_secret='two words' rest", "client_secret='***' rest"],
  ['password="never closed', 'password="***'],
  ['holdfast --token abc123 --json', 'holdfast --token *** --json'],
  ['key sk-abcdefghijklmnopqrst was refused', 'key *** was refused'],
  ['ghp_abcdefghijklmnopqrst', '***'],
  ['ghr_abcdefghijklmnopqrst', '***'],
  ['AKIAABCDEFGHIJKLMNOP', '***'],
  ['ASIAABCDEFGHIJKLMNOP', '***'],
  ['eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl', '***'],
  [
    'a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb',
    'a\n-----BEGIN RSA PRIVATE KEY-----***\nb',
  ],
  ['-----BEGIN PRIVATE KEY-----\nMIIE', '-----BEGIN PRIVATE KEY-----***'],
  ['MIIE\n-----END PRIVATE KEY-----\nb', '***\nb'],
  [`a ${'x'.repeat(4096)} b`, 'a *** b'],
])('masks the secret in %j', (text, masked) => {
  expect(maskSecrets(text)).toBe(masked)
})

test.each([
  "SyntaxError: Unexpected token '}' in JSON at position 3",
  'SyntaxError: Unexpected token:\n    at parse (a.js:1:1)',
  'Error: the disk is full\n    at write (file:///srv/app/main.js:3:7)',
  'Error [ERR_MODULE_NOT_FOUND]: Cannot find module /srv/app/sk.js',
  'see https://nodejs.org/en/docs',
  'connect ECONNREFUSED http://localhost:3000',
])('leaves %j as it is', (text) => {
  expect(maskSecrets(text)).toBe(text)
})
