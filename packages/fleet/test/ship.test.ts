import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import {claimSession} from '../src/claim/claim-session.ts'
import {openFleet} from '../src/stream/open-fleet.ts'
import {natsOf} from '../src/stream/nats-of.ts'
import {sessionSubjects} from '../src/stream/subjects.ts'
import {startServer} from './fixtures/start-servers.ts'
import {startProxy} from './fixtures/tcp-proxy.ts'
import {
  allEvents,
  appendOutput,
  impatient,
  openLog,
  openTestFleet,
  readUntil,
  ship,
  win,
} from './fixtures/test-fleet.ts'

test('sends a log in its order, also events that are larger than a message, and frames', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  appendOutput(log, ...Array.from({length: 3000}, (_, index) => `line ${index}`))
  appendOutput(log, 'é'.repeat(1_500_000), 'after it')
  log.append([{type: 'screen.drawn', payload: {frame: 'cells'}} as never])
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)

  await shipper.replicated(log.latestSeq)

  expect(shipper.replicatedSeq).toBe(3004)
  expect(await readUntil(fleet, log.sessionId, 3004)).toEqual(allEvents(log))
})

test('goes on when the server was killed, without a gap or a repetition', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server], impatient)
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  appendOutput(log, 'before')
  shipper.wake()
  await shipper.replicated(2)

  await server.kill('SIGKILL')
  appendOutput(log, 'while it is away')
  shipper.wake()
  await expect.poll(() => shipper.state).toMatchObject({kind: 'waiting', error: {code: 'unreachable'}})
  await server.start()
  await shipper.replicated(3)

  expect(shipper.state).toEqual({kind: 'shipping'})
  expect(await readUntil(fleet, log.sessionId, 3)).toEqual(allEvents(log))
})

test('goes on when the server stood still', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server], impatient)
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)

  await server.kill('SIGSTOP')
  appendOutput(log, 'a', 'b')
  shipper.wake()
  await expect.poll(() => shipper.state).toMatchObject({kind: 'waiting', error: {code: 'unreachable'}})
  await server.kill('SIGCONT')
  appendOutput(log, 'c')
  await shipper.replicated(4)

  expect(await readUntil(fleet, log.sessionId, 4)).toEqual(allEvents(log))
})

test('finds out what was stored when an acknowledgement was lost', async () => {
  const server = await startServer()
  const proxy = await startProxy(server.url)
  const fleet = await openTestFleet([{...server, url: proxy.url}], impatient)
  const log = openLog()
  const claim = await win(fleet, log.sessionId)
  const other = await openTestFleet([server])
  const {stream, log: subject} = sessionSubjects('main', 1, log.sessionId)

  appendOutput(log, 'stored')
  proxy.loseAnswers()
  const shipper = ship(fleet, claim, log)
  const lastSequence = async () =>
    (await natsOf(other).manager.streams.getMessage(stream, {last_by_subj: subject}))?.seq
  await expect.poll(lastSequence).toBeGreaterThan(claim.sequence)
  const stored = await lastSequence()
  proxy.breakOff()
  await shipper.replicated(2)

  expect(await lastSequence()).toBe(stored)
})

test('says that the stream is full, and goes on once it has room', async () => {
  const fleet = await openTestFleet([await startServer()], {maxBytes: 200_000})
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  appendOutput(log, 'x'.repeat(100_000), 'y'.repeat(150_000))
  shipper.wake()
  await expect.poll(() => shipper.state).toMatchObject({kind: 'waiting', error: {code: 'full'}, failures: 3})

  await natsOf(fleet).manager.streams.update('holdfast-main-0-of-1', {max_bytes: 1_000_000})
  await shipper.replicated(3)

  expect(await readUntil(fleet, log.sessionId, 3)).toEqual(allEvents(log))
})

test('says that its credentials are wrong', async () => {
  const server = await startServer(`authorization {users: [
    {user: root, password: root}
    {user: reader, password: reader, permissions: {publish: {deny: ["holdfast.>"]}}}
  ]}`)
  const root = await openTestFleet([server], {user: 'root', password: 'root'})
  const reader = await openTestFleet([server], {user: 'reader', password: 'reader'})
  const log = openLog()
  appendOutput(log, 'a')

  const shipper = ship(reader, await win(root, log.sessionId), log)
  await expect.poll(() => shipper.state).toMatchObject({kind: 'waiting', error: {code: 'forbidden'}})

  const opening = openFleet([server.url], {user: 'root', password: 'wrong'})
  await expect(opening).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringMatching(/check its credentials/),
  })
})

test('is fenced for good by the next claim, writes nothing more, and names what only this machine has', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId, {machine: 'old'}), log)
  appendOutput(log, 'shipped')
  shipper.wake()
  await shipper.replicated(2)

  const claim = await win(fleet, log.sessionId, {machine: 'new', replaces: 1})
  const {state: before} = await natsOf(fleet).manager.streams.info('holdfast-main-0-of-1')
  appendOutput(log, 'too late')
  const accepted = shipper.replicated(3)
  shipper.wake()

  await expect(accepted).rejects.toMatchObject({code: 'fenced', message: expect.stringMatching(/moved to machine new/)})
  expect(claim).toMatchObject({epoch: 2, through: 2})
  expect(shipper.state).toEqual({kind: 'fenced', machine: 'new', epoch: 2, through: 2})
  expect(shipper.replicatedSeq).toBe(2)
  expect((await natsOf(fleet).manager.streams.info('holdfast-main-0-of-1')).state.last_seq).toBe(before.last_seq)
})

test('is fenced although it has nothing to send, once it asks', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId, {machine: 'old'}), log)
  await win(fleet, log.sessionId, {machine: 'new', replaces: 1})

  shipper.check()

  await expect.poll(() => shipper.state).toMatchObject({kind: 'fenced', machine: 'new'})
})

test('ends when the session was deleted in the cluster', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  const {stream, all} = sessionSubjects('main', 1, log.sessionId)
  await natsOf(fleet).manager.streams.purge(stream, {filter: all})

  appendOutput(log, 'a')
  const accepted = shipper.replicated(2)
  shipper.wake()

  await expect(accepted).rejects.toMatchObject({code: 'deleted'})
  expect(shipper.state).toEqual({kind: 'deleted'})
})

test('refuses a log that lacks events of the cluster, and one that has others', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  appendOutput(log, 'a')
  appendOutput(log, 'b')
  await ship(fleet, await win(fleet, log.sessionId), log).replicated(3)
  const claim = await win(fleet, log.sessionId, {replaces: 1})

  const older = openLog(log.sessionId)
  appendOutput(older, 'a')
  expect(() => ship(fleet, claim, older)).toThrow(expect.objectContaining({code: 'behind'}))
  appendOutput(older, 'c', 'd')
  expect(() => ship(fleet, {...claim, throughAt: 5}, older)).toThrow(expect.objectContaining({code: 'diverged'}))
})

test('of many that claim a session at the same time, one wins', async () => {
  const fleet = await openTestFleet([await startServer()])
  const {sessionId} = openLog()
  for (let replaces = 0; replaces < 20; replaces++) {
    const machines = Array.from({length: 5}, (_, index) => `m${index}`)
    const results = await Promise.all(
      machines.map((machine) => claimSession(fleet, sessionId, {machine, instance: machine, replaces})),
    )
    const winners = results.filter(({kind}) => kind === 'won')
    expect(winners).toHaveLength(1)
    const again = machines[results.findIndex(({kind}) => kind === 'won')]!
    const repeated = await claimSession(fleet, sessionId, {machine: again, instance: again, replaces})
    expect(repeated).toEqual(winners[0])
  }
})

test('connects over TLS, and refuses a server that it does not trust', async () => {
  const openssl = need('openssl')
  const folder = mkdtempSync(join(tmpdir(), 'fleet-tls-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const [keyFile, caFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=DNS:localhost', '-days', '2']
  const files = ['-keyout', keyFile, '-out', caFile]
  execFileSync(openssl, ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], {stdio: 'ignore'})
  const server = await startServer(`tls {cert_file: "${caFile}", key_file: "${keyFile}"}`)

  // Node takes `localhost` for the name of an address.
  expect((await openTestFleet([server], {tls: {caFile}})).shards).toBe(1)
  const untrusting = openFleet([server.url], {replicas: 1, tls: {}})
  await expect(untrusting).rejects.toThrow(/self-signed certificate/)
})
