import {execFileSync} from 'node:child_process'
import {randomInt} from 'node:crypto'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import {openFleet} from '../src/stream/open-fleet.ts'
import {createOperator} from './fixtures/nats-operator.ts'
import {startServer} from './fixtures/start-servers.ts'
import {openLog, openTestFleet, ship, win} from './fixtures/test-fleet.ts'

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-credentials-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  return folder
}

/** Makes a certificate that signs itself, and its key. */
function createCertificate(folder: string, name: string, subject: string): {certFile: string; keyFile: string} {
  const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)]
  const to = ['-keyout', keyFile, '-out', certFile, '-days', '2']
  const what = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`]
  const args = ['req', '-x509', ...what, ...to, '-addext', `subjectAltName=${subject}`]
  execFileSync(need('openssl'), args, {stdio: 'ignore'})
  return {certFile, keyFile}
}

test('connects by TLS with an authority and a certificate of its own, and to no server of another authority', async () => {
  const folder = createFolder()
  const client = createCertificate(folder, 'client', 'DNS:box')
  const {certFile: caFile, keyFile} = createCertificate(folder, 'server', 'DNS:localhost')
  const tls = `tls {cert_file: "${caFile}", key_file: "${keyFile}", ca_file: "${client.certFile}", verify: true}`
  const server = await startServer(tls, {network: {address: 'localhost', port: randomInt(20_000, 30_000)}})
  const fleet = await openTestFleet([server], {tls: {caFile, ...client}})
  const log = openLog()
  await ship(fleet, await win(fleet, log.sessionId), log).replicated(1)

  await expect(openFleet([server.url], {tls: {caFile: client.certFile, ...client}})).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringMatching(/^The cluster cannot be reached by TLS \(.*certificate.*\): check/),
  })
  await expect(openFleet([server.url], {tls: {caFile}})).rejects.toMatchObject({name: 'FleetError'})
  await expect(openFleet([server.url])).rejects.toMatchObject({name: 'FleetError'})
})

test('connects with a file of nsc, and is refused with that of a user of another operator', async () => {
  const folder = createFolder()
  const [operator, other] = [createOperator(), createOperator()]
  const server = await startServer(operator.settings)
  const credsFile = join(folder, 'box.creds')
  writeFileSync(credsFile, other.creds)
  await expect(openFleet([server.url], {credsFile, replicas: 1})).rejects.toMatchObject({code: 'forbidden'})

  writeFileSync(credsFile, operator.creds)
  const fleet = await openTestFleet([server], {credsFile})
  const log = openLog()
  await ship(fleet, await win(fleet, log.sessionId), log).replicated(1)
})
