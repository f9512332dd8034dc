import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {openSqliteLog} from '@holdfast/event-log'
import {expect, onTestFinished, test} from 'vitest'

import {readSession} from '../src/read/read-session.ts'
import {restoreLog} from '../src/read/restore-log.ts'
import {parseEnvelope, type LogEnvelope} from '../src/stream/envelope.ts'
import {publishMessage} from '../src/stream/session-messages.ts'
import {natsOf} from '../src/stream/nats-of.ts'
import {sessionSubjects} from '../src/stream/subjects.ts'
import {startServer} from './fixtures/start-servers.ts'
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

test('reads from any event on, in a stream that has other sessions', async () => {
  const fleet = await openTestFleet([await startServer()])
  const logs = [openLog(), openLog()]
  const shippers = []
  for (const log of logs) shippers.push(ship(fleet, await win(fleet, log.sessionId), log))
  for (let round = 0; round < 40; round++) {
    for (const log of logs) appendOutput(log, ...Array.from({length: round}, (_, index) => `${round} ${index}`))
    await Promise.all(
      shippers.map((shipper, index) => {
        shipper.wake()
        return shipper.replicated(logs[index]!.latestSeq)
      }),
    )
  }
  const log = logs[1]!
  const events = allEvents(log)
  for (const afterSeq of [0, 1, 2, 3, 40, 41, 300, 779, 780]) {
    const read = await readUntil(fleet, log.sessionId, 781, {afterSeq})
    expect(read).toEqual(events.slice(afterSeq))
  }
})

test('joins the history and what is new while a shipper goes on', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  appendOutput(log, ...Array.from({length: 500}, (_, index) => `history ${index}`))
  await shipper.replicated(1)
  shipper.wake()

  let seq = 0
  for await (const {event} of readSession(fleet, log.sessionId)) {
    expect(event.seq).toBe(++seq)
    if (seq >= 2000) break
    if (seq % 100 === 0) {
      appendOutput(log, ...Array.from({length: 100}, () => `new ${seq}`))
      shipper.wake()
    }
  }
})

test('goes on after the server was killed', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server], impatient)
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  const reader = readSession(fleet, log.sessionId)
  expect((await reader.next()).value?.event.seq).toBe(1)

  await server.kill('SIGKILL')
  await server.start()
  appendOutput(log, 'after it')
  shipper.wake()

  expect((await reader.next()).value?.event).toMatchObject({seq: 2, payload: {text: 'after it'}})
  await reader.return()
})

test('ends with its signal', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  ship(fleet, await win(fleet, log.sessionId), log)
  const controller = new AbortController()
  const reader = readSession(fleet, log.sessionId, {signal: controller.signal})
  await reader.next()
  const next = reader.next()

  controller.abort()

  expect(await next).toEqual({done: true, value: undefined})
})

test('leaves out what a machine wrote after another one had claimed the session', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  await ship(fleet, await win(fleet, log.sessionId, {machine: 'old'}), log).replicated(1)
  const claim = await win(fleet, log.sessionId, {machine: 'new', replaces: 1})
  // As the servers of a cluster store it when both were on their way at once.
  const {log: subject} = sessionSubjects('main', 1, log.sessionId)
  const envelope: LogEnvelope = {
    v: 1,
    kind: 'log',
    epoch: 1,
    machine: 'old',
    after: claim.sequence,
    first: 2,
    last: 2,
    at: 5,
  }
  const event = {type: 'note', session_id: log.sessionId, seq: 2, at: 5, payload: {text: 'late', level: 'info'}}
  const body = Buffer.from(JSON.stringify(event))
  expect(await publishMessage(fleet, {subject, envelope, body, after: claim.sequence})).not.toBe('refused')

  appendOutput(log, 'of the new one')
  const shipper = ship(fleet, claim, log)
  await shipper.replicated(2)

  expect(await readUntil(fleet, log.sessionId, 2)).toEqual(allEvents(log))
  expect(await readUntil(fleet, log.sessionId, 2, {afterSeq: 1})).toEqual(allEvents(log).slice(1))
})

test('begins before a late copy of an earlier message', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  await shipper.replicated(1)
  for (const text of ['a', 'b']) {
    appendOutput(log, text)
    shipper.wake()
    await shipper.replicated(log.latestSeq)
  }
  const {stream, log: subject} = sessionSubjects('main', 1, log.sessionId)
  const second = await natsOf(fleet).manager.streams.getMessage(stream, {seq: 4})
  const copy = parseEnvelope(second!.header.get('Holdfast'))
  expect(copy).toMatchObject({first: 2, last: 2})
  expect(await publishMessage(fleet, {subject, envelope: copy, body: second!.data, after: 5})).toBe(6)

  expect(await readUntil(fleet, log.sessionId, 3, {afterSeq: 2})).toEqual(allEvents(log).slice(2))
})

test('says which events the cluster has lost', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  const shipper = ship(fleet, await win(fleet, log.sessionId), log)
  await shipper.replicated(1)
  appendOutput(log, 'a', 'b')
  shipper.wake()
  await shipper.replicated(3)
  const {stream, log: subject} = sessionSubjects('main', 1, log.sessionId)
  await natsOf(fleet).manager.streams.purge(stream, {filter: subject, keep: 1})

  const reading = readUntil(fleet, log.sessionId, 3)

  await expect(reading).rejects.toMatchObject({
    code: 'missing',
    message: expect.stringMatching(/has lost events 1 to 1 of session/),
  })
})

test('restores a log with the seqs and times of its events, and goes on where it stopped', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  appendOutput(log, 'a', 'b', 'x'.repeat(400_000))
  appendOutput(log, 'c')
  log.append([{type: 'of.a.newer.version', payload: {kept: [1, 'é']}} as never])
  const shipper = ship(fleet, await win(fleet, log.sessionId, {machine: 'dead'}), log)
  await shipper.replicated(log.latestSeq)
  const folder = mkdtempSync(join(tmpdir(), 'fleet-restored-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const file = join(folder, `${log.sessionId}.db`)

  const claim = await win(fleet, log.sessionId, {machine: 'next', replaces: 1})
  expect(await restoreLog(fleet, claim, {file})).toBe(6)
  expect(await restoreLog(fleet, claim, {file})).toBe(0)

  const restored = openSqliteLog({file, sessionId: log.sessionId})
  onTestFinished(() => restored.close())
  expect(allEvents(restored)).toEqual(allEvents(log))
  expect(restored.state()).toEqual(log.state())
  appendOutput(restored, 'of the next one')
  const next = ship(fleet, claim, restored)
  await next.replicated(7)
})

test('restores nothing into a log that has more than the cluster', async () => {
  const fleet = await openTestFleet([await startServer()])
  const log = openLog()
  await ship(fleet, await win(fleet, log.sessionId), log).replicated(1)
  const claim = await win(fleet, log.sessionId, {replaces: 1})
  appendOutput(log, 'not sent')

  const restoring = restoreLog(fleet, claim, {file: log.file})

  await expect(restoring).rejects.toMatchObject({
    code: 'diverged',
    message: expect.stringMatching(/has events 2 to 2, which the cluster/),
  })
})
