import {cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'

import {homePaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {renewed, selfSigned} from '../../../../tooling/vitest/self-signed.ts'
import {createBrowser} from '../support/browser.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {startServer, token} from '../support/serve.ts'
import {until} from '../support/until.ts'

/** The options of `serve` for TLS. */
function certified(home: Home): {args: string[]; cert: string} {
  const [cert, key] = [`${home.user}/cert.pem`, `${home.user}/key.pem`]
  writeFileSync(cert, selfSigned.cert)
  writeFileSync(key, selfSigned.key, {mode: 0o600})
  return {args: ['--tls-cert', cert, '--tls-key', key], cert}
}

test('beyond this machine, serve refuses to listen without encryption, unless it is told to', async () => {
  await using home = createHome()
  const refused = await home.holdfast(['serve', '--listen', '0.0.0.0:0'])
  expect(refused).toMatchObject({exitCode: 2, stdout: ''})
  expect(refused.stderr).toMatch(
    /^holdfast: 0\.0\.0\.0 can be reached from other machines.*--tls-cert.*--public-url.*ssh/,
  )
  const plain = await home.holdfast(['serve', '--listen', '0.0.0.0:0', '--public-url', 'http://desk.test'])
  expect(plain.exitCode).toBe(2)
  for (const args of [['--insecure'], ['--public-url', 'https://desk.test'], certified(home).args]) {
    await using server = await startServer(home, {listen: '0.0.0.0:0', args})
    expect(server.running.stderr).toBe('')
  }
})

test('over TLS, a client connects that trusts the certificate, and a browser gets a cookie for TLS only', async () => {
  await using there = createHome()
  await using here = createHome()
  const {args, cert} = certified(there)
  await using server = await startServer(there, {args: [...args, '--web']})
  expect(server.url).toMatch(/^wss:/)
  const run = ['run', ...server.optionsFor(), '--', 'echo hello']
  expect(await here.holdfast(run, {env: {NODE_EXTRA_CA_CERTS: cert}})).toMatchObject({stdout: 'hello\n', exitCode: 0})
  const stranger = await here.holdfast(run)
  expect(stranger).toMatchObject({exitCode: 6, stdout: ''})
  expect(stranger.stderr).toMatch(
    /^holdfast: no gateway: .*this machine does not trust its certificate; NODE_EXTRA_CA_CERTS=FILE does\n$/,
  )

  const {stdout} = await there.holdfast(['pair', '--json'])
  const {result} = JSON.parse(stdout) as {result: {code: string; url: string}}
  expect(result.url).toMatch(/^https:\/\/127\.0\.0\.1:/)
  const paired = await createBrowser(server.url).pair(result.code, 'phone')
  expect(paired.headers['set-cookie']?.[0]).toMatch(/^__Host-holdfast-\d+=.*; HttpOnly; SameSite=Strict; Secure$/)
})

test('a certificate that is renewed takes the place of the first, when its key has come, too', async () => {
  await using there = createHome()
  await using here = createHome()
  const {args, cert} = certified(there)
  await using server = await startServer(there, {args})
  const recorded = () => readFileSync(homePaths(there.state).crashLog, 'utf8')
  const run = (env: Record<string, string>) => here.holdfast(['run', ...server.optionsFor(), '--', 'echo hello'], {env})
  const trusted = `${here.user}/trusted.pem`
  // It reads the files every 10 s.
  const timeoutMs = 30_000

  writeFileSync(cert, renewed.cert)
  await until(() => recorded().includes('certificate-refused'), {what: 'the certificate without its key', timeoutMs})
  writeFileSync(trusted, selfSigned.cert)
  expect(await run({NODE_EXTRA_CA_CERTS: trusted})).toMatchObject({stdout: 'hello\n', exitCode: 0})
  writeFileSync(args.at(-1)!, renewed.key)
  await until(() => recorded().includes('certificate-renewed'), {what: 'the certificate with its key', timeoutMs})
  expect(await run({NODE_EXTRA_CA_CERTS: trusted})).toMatchObject({exitCode: 6})
  writeFileSync(trusted, renewed.cert)
  expect(await run({NODE_EXTRA_CA_CERTS: trusted})).toMatchObject({stdout: 'hello\n', exitCode: 0})
})

test('serve says what is wrong with a certificate', async () => {
  await using home = createHome()
  const [cert, key] = certified(home).args.filter((_, index) => index % 2 === 1) as [string, string]
  const cases: [string[], number, RegExp][] = [
    [['--tls-cert', cert], 2, /^holdfast: expected both --tls-cert and --tls-key, got one of them\n$/],
    [['--tls-cert', `${home.user}/none`, '--tls-key', key], 2, /none cannot be read: ENOENT/],
    [
      ['--tls-cert', cert, '--tls-key', cert],
      1,
      /^holdfast: expected a certificate and its key in PEM, got something else: /,
    ],
  ]
  for (const [args, exitCode, message] of cases) {
    const result = await home.holdfast(['serve', '--listen', '127.0.0.1:0', ...args])
    expect(result).toMatchObject({exitCode, stdout: '', stderr: expect.stringMatching(message) as string})
  }
})

test('on loopback too, there is no way in without a credential, for another host, or for a foreign page', async () => {
  await using home = createHome()
  await using server = await startServer(home, {args: ['--web']})
  const browser = createBrowser(server.url)
  const authorization = `Bearer ${token}`
  expect(await browser.connect()).toBe(401)
  expect(await browser.connect({authorization: 'Bearer another'})).toBe(401)
  expect(await browser.connect({authorization, host: 'evil.example'})).toBe(421)
  expect(await browser.connect({authorization, origin: 'https://evil.example'})).toBe(403)
  expect(typeof (await browser.connect({authorization}))).toBe('object')
  const {stdout} = await home.holdfast(['pair', '--json'])
  const {code} = (JSON.parse(stdout) as {result: {code: string}}).result
  const foreign = await browser.ask('POST', '/pair', {code, name: 'x'}, {origin: 'https://evil.example'})
  expect(foreign.status).toBe(403)
  await browser.pair(code, 'phone')
  expect(await browser.connect({origin: 'https://evil.example'})).toBe(403)
  expect(await browser.connect({host: 'evil.example'})).toBe(421)
  expect((await browser.ask('GET', '/')).headers['content-security-policy']).toMatch(
    /^default-src 'none'; script-src 'self';/,
  )
})

test('behind a proxy, the page and its pairing have the public name', async () => {
  await using home = createHome()
  await using server = await startServer(home, {args: ['--web', '--public-url', 'https://desk.test']})
  expect(JSON.parse(server.running.stdout)).toMatchObject({url: 'wss://desk.test', page: 'https://desk.test'})
  const paired = await home.holdfast(['pair', '--json'])
  expect(paired.stdout).toContain('"url":"https://desk.test/#pair=')
})

test('an installation without a page says so', async () => {
  const folder = mkdtempSync('/tmp/hf-copy-')
  try {
    cpSync(dirname(cli), `${folder}/dist`, {recursive: true, filter: (path) => !path.startsWith(`${dirname(cli)}/web`)})
    symlinkSync(`${dirname(cli)}/../node_modules`, `${folder}/node_modules`)
    await using home = createHome({cli: `${folder}/dist/cli.cjs`})
    const result = await home.holdfast(['serve', '--web'])
    expect(result).toMatchObject({exitCode: 1, stdout: ''})
    expect(result.stderr).toMatch(
      /^holdfast: this installation has no page in .*\/dist\/web: install Holdfast again\n$/,
    )
  } finally {
    rmSync(folder, {recursive: true})
  }
})
