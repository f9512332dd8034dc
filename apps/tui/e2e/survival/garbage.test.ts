import {readFileSync, statSync} from 'node:fs'
import type {Socket} from 'node:net'

import {readCrashLog} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'
import {maxClients, maxUnfinishedBytes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {mutants} from '../support/garbage/mutants.ts'
import {openNeighbour, type Neighbour} from '../support/garbage/neighbour.ts'
import {closeOf, opcodes, openRawClient, openSocket, type RawClient} from '../support/garbage/raw-client.ts'
import {createHome, type Home} from '../support/home.ts'
import {isAlive} from '../support/processes.ts'
import {startServer, type Server} from '../support/serve.ts'
import {until} from '../support/until.ts'

const timeout = 180_000
const megabyte = 1024 * 1024

/** Proportional memory of a server now, bytes. */
function memoryOf({running}: Server): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${running.child.pid}/smaps_rollup`, 'utf8'))!
  return Number(kilobytes) * 1024
}

/** What a server has recorded. */
function eventsOf({state}: Home): {event: string; facts: Readonly<Record<string, unknown>>}[] {
  return readCrashLog(homePaths(state).crashLog).breadcrumbs.filter(({role}) => role === 'serve')
}

/** A session with a shell. */
async function newSession(home: Home): Promise<string> {
  return (await home.holdfast(['new'])).stdout.trim()
}

/** Nobody else is hurt: the neighbour has worked on, over one connection. */
async function expectUnharmed(neighbour: Neighbour): Promise<void> {
  const {longestMs, losses} = await neighbour.stop()
  expect(losses).toBe(0)
  // Of what the server reads before it reads the neighbour's next message, on a busy machine.
  expect(longestMs).toBeLessThan(15_000)
}

const codesOf = (messages: readonly string[]) => messages.map((text) => /"code":(-?\d+)/.exec(text)?.[1])
const internalError = '-32603'

test(
  '20,000 mutated messages: each is answered, none with an internal error, and all processes live on',
  {timeout},
  async () => {
    await using there = createHome()
    await using server = await startServer(there)
    const neighbour = await openNeighbour(server.url, there.project)
    const [victim, other] = [await newSession(there), await newSession(there)]
    const before = memoryOf(server)
    let [peak, answers] = [before, 0]
    const problems: unknown[] = []
    const hosts = there.processes().filter(({role, argv}) => role === 'host' && !argv.includes(other))

    const client = await openRawClient(server.url)
    for (const [index, {text, isBinary}] of mutants(20_000, 18, victim, other).entries()) {
      client.send(text, {opcode: isBinary ? opcodes.binary : opcodes.text})
      if (index % 100 !== 99) continue
      client.send(JSON.stringify({jsonrpc: '2.0', id: `ping ${index}`, method: 'gateway.ping'}))
      const isAnswered = () => client.messages.some((message) => message.includes(`"ping ${index}"`))
      const answered = until(isAnswered, {what: `an answer after message ${index}`, timeoutMs: 60_000})
      expect(await Promise.race([client.closed, answered])).toBe(true)
      const messages = client.take()
      answers += messages.filter((message) => /^\{"jsonrpc":"2.0","id":/.test(message)).length
      problems.push(...messages.filter((message) => codesOf([message])[0] === internalError))
      peak = Math.max(peak, memoryOf(server))
    }
    client.socket.destroy()
    expect(problems).toEqual([])
    // Of the others, most have lost their id, or their method.
    expect(answers).toBeGreaterThan(12_000)
    expect(peak - before).toBeLessThan(256 * megabyte)
    await expectUnharmed(neighbour)
    expect(hosts.map(isAlive)).toEqual([true, true])
    expect(eventsOf(there).map(({event}) => event)).not.toContain('exit')
    expect(statSync(homePaths(there.state).crashLog).size).toBeLessThan(megabyte)
  },
)

test(
  'connections without a credential: 1,000 idle ones, slow ones, wrong tokens, foreign pages',
  {timeout},
  async () => {
    await using there = createHome()
    await using server = await startServer(there)
    const neighbour = await openNeighbour(server.url, there.project)
    const before = memoryOf(server)
    const idle: Socket[] = []
    for (let count = 0; count < 1000; count++) idle.push((await openSocket(server.url)).resume())
    // One more than 16 ends the oldest; the others end after 10 s, also those that send their request byte by byte.
    await until(() => idle.filter(({closed}) => !closed).length <= 16, {what: 'the end of the idle ones'})
    const slow = await Promise.all(Array.from({length: 16}, () => openSocket(server.url)))
    for (const socket of slow) socket.resume().write('GET / HTTP/1.1\r\nX-Slow: ')
    const dripping = setInterval(() => slow.forEach((socket) => socket.write('x')), 100)
    await Promise.all([...slow, ...idle].map(closeOf))
    clearInterval(dripping)

    const statuses = new Map<number, number>()
    for (let count = 0; count < 1000; count++) {
      const {status, closed} = await openRawClient(
        server.url,
        [{token: null}, {token: 'a-wrong-token-of-nobody'}, {origin: 'https://evil.example'}][count % 3],
      )
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      await closed
    }
    expect(Object.fromEntries(statuses)).toEqual({401: 667, 403: 333})
    expect(memoryOf(server) - before).toBeLessThan(64 * megabyte)
    await expectUnharmed(neighbour)
    const refused = eventsOf(there).filter(({event}) => event === 'client-refused')
    expect(new Set(refused.map(({facts}) => facts['reason']))).toEqual(new Set(['credential', 'origin']))
    // 60 a minute, and the next one says how many were left out.
    expect(refused.length).toBeLessThan(200)
  },
)

test(
  '1,000 connections with a credential that answer nothing: those beyond the limit are refused with the reason',
  {timeout},
  async () => {
    await using there = createHome()
    await using server = await startServer(there)
    const neighbour = await openNeighbour(server.url, there.project)
    const before = memoryOf(server)
    const clients: RawClient[] = []
    for (let count = 0; count < 1000; count++) clients.push(await openRawClient(server.url))
    const refused = clients.slice(maxClients - 1)
    for (const {closed, messages} of refused) {
      expect(await closed).toEqual({code: 1000, reason: `too many clients: the limit is ${maxClients}`})
      expect(messages.at(-1)).toContain('gateway.refused')
    }
    expect(clients.filter(({socket}) => !socket.closed)).toHaveLength(maxClients - 1)
    expect(memoryOf(server) - before).toBeLessThan(150 * megabyte)
    // They do not answer pings.
    await Promise.all(clients.map(({closed}) => closed))
    const next = await openRawClient(server.url)
    next.send('{"jsonrpc":"2.0","id":1,"method":"gateway.ping"}')
    await until(() => next.messages.some((message) => message.includes('"id":1')), {what: 'an answer'})
    next.socket.destroy()
    await expectUnharmed(neighbour)
  },
)

test('frames over the limit, and pieces of frames that never end', {timeout}, async () => {
  await using there = createHome()
  await using server = await startServer(there)
  const neighbour = await openNeighbour(server.url, there.project)
  const before = memoryOf(server)
  const tooLong = await openRawClient(server.url)
  tooLong.send('x', {length: 64 * megabyte})
  expect(await tooLong.closed).toMatchObject({code: 1009})

  const pieces = await openRawClient(server.url)
  pieces.send('"', {isLast: false})
  for (let count = 0; count < 20_000; count++) pieces.send('x', {opcode: opcodes.continuation, isLast: false})
  expect(await pieces.closed).toMatchObject({code: 1008})

  const stalled = await Promise.all(Array.from({length: 12}, () => openRawClient(server.url)))
  for (const {send} of stalled) send(Buffer.alloc(8 * megabyte, 'x'), {length: 30 * megabyte})
  const ended = await Promise.race(stalled.map(({closed}) => closed))
  expect(ended).toMatchObject({code: 1013, reason: expect.stringContaining('unfinished message') as string})
  await until(() => stalled.filter(({socket}) => !socket.closed).length * 8 * megabyte <= maxUnfinishedBytes, {
    what: 'room',
  })
  expect(memoryOf(server) - before).toBeLessThan(192 * megabyte)
  for (const {socket} of stalled) socket.destroy()
  await expectUnharmed(neighbour)
})
