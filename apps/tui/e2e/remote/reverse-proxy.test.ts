import {readFileSync, writeFileSync} from 'node:fs'

import {homePaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {selfSigned} from '../../../../tooling/vitest/self-signed.ts'
import {createBrowser} from '../support/browser.ts'
import {createHome} from '../support/home.ts'
import {startNginx} from '../support/nginx.ts'
import {startServer} from '../support/serve.ts'
import {until} from '../support/until.ts'

test('nginx as in the docs lets browsers and clients in, and costs them nothing when it cuts them off', async () => {
  await using nginx = await startNginx(need('nginx'), {idleMs: 2000})
  await using there = createHome()
  await using here = createHome()
  const {publicUrl} = nginx
  const listen = `127.0.0.1:${nginx.serverPort}`
  await using server = await startServer(there, {listen, args: ['--web', '--public-url', publicUrl]})
  expect(server.url).toBe(publicUrl.replace(/^http/, 'ws'))

  const {stdout} = await there.holdfast(['pair', '--json'])
  const {result} = JSON.parse(stdout) as {result: {code: string; url: string}}
  expect(result.url).toMatch(`${publicUrl}/#pair=`)
  const browser = createBrowser(server.url)
  expect(await browser.ask('GET', '/')).toMatchObject({status: 200, body: expect.stringContaining('<html') as string})
  // Nobody takes the address of another client by saying so.
  expect(await browser.connect({'x-forwarded-for': '192.0.2.7'})).toBe(401)
  const refused = readFileSync(homePaths(there.state).crashLog, 'utf8')
    .split('\n')
    .find((line) => line.includes('client-refused'))
  expect(refused).toContain('127.0.0.1')
  expect(refused).not.toContain('192.0.2.7')
  const paired = await browser.pair(result.code, 'phone')
  expect(paired.headers['set-cookie']?.[0]).toMatch(/^__Host-holdfast-\d+=.*; HttpOnly; SameSite=Strict; Secure$/)
  const socket = await browser.connect()
  if (typeof socket === 'number') return expect.fail(`Expected a WebSocket, got status ${socket}`)
  expect(await socket.request('session.list')).toMatchObject({result: {sessions: []}})

  const cert = `${here.user}/cert.pem`
  writeFileSync(cert, selfSigned.cert)
  const go = `${there.project}/go`
  const silent = `echo begun; until [ -e ${go} ]; do sleep 0.05; done; echo ended; exit 3`
  const run = here.startHoldfast(['run', ...server.optionsFor(), '--', silent], {env: {NODE_EXTRA_CA_CERTS: cert}})
  await until(() => run.stderr.includes('restored'), {what: 'a connection that was cut off, and restored'})
  await socket.closed
  writeFileSync(go, '')
  expect(await run.ended).toMatchObject({stdout: 'begun\nended\n', exitCode: 3})
})
