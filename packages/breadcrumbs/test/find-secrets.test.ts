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
  ['DB_PASS=abc123 MYSQL_PWD=abc npm start', 'DB_PASS=*** MYSQL_PWD=*** npm start'],
  ['{"db_pass": "two words", "smtp-pass": "x"}', '{"db_pass": "***", "smtp-pass": "***"}'],
  ['mysqldump --db-pass abc123 --pass=abc', 'mysqldump --db-pass *** --pass=***'],
  ['> Cookie: session=abc; theme=dark\n> Host: x', '> Cookie: session=***\n> Host: x'],
  ['Set-Cookie: id=a; Path=/; HttpOnly', 'Set-Cookie: id=***'],
  ['{"cookie": "session=abc; b=c", "a": 1}', '{"cookie": "session=***", "a": 1}'],
  ['curl -s -u ada:lovelace https://x.org', 'curl -s -u ada:*** https://x.org'],
  ["curl --user 'ada:love lace' https://x.org", "curl --user 'ada:***' https://x.org"],
  ['key SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789_-ABCDE was refused', 'key *** was refused'],
  ['key SG.abcdefghij', 'key ***'],
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
  'PWD=/home/ada OLDPWD=/srv bypass: 3 pass: 12',
  'docker run -u 1000:1000 image',
  'Error: no cookie: sign in first',
  'see https://nodejs.org/en/docs',
  'connect ECONNREFUSED http://localhost:3000',
])('leaves %j as it is', (text) => {
  expect(maskSecrets(text)).toBe(text)
})
