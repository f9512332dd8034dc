import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {fileURLToPath} from 'node:url'

import {createSessionId} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test} from 'vitest'

import {createClient, type Client} from '../src/create-client.ts'
import {localGateway} from '../src/local.ts'
import {describeLoss} from '../src/session-status.ts'

let folder: string
let client: Client | undefined
beforeEach(() => void (folder = mkdtempSync(`${tmpdir()}/client-`)))
afterEach(async () => {
  await client?.close()
  rmSync(folder, {recursive: true})
})

const nodeCommand = (script: string, ...args: string[]) =>
  [
    process.execPath,
    '--conditions=holdfast-source',
    fileURLToPath(new URL(`./fixtures/${script}.ts`, import.meta.url)),
    ...args,
  ] as const

const pids = () => readFileSync(`${folder}/pids`, 'utf8').split('\n').filter(Boolean).map(Number)

/** The PID of the first gateway. */
function firstPid(): number {
  const [pid] = pids()
  if (pid === undefined) throw new Error('Expected a gateway, none has been started')
  return pid
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const isGone = (pid: number) => expect.poll(() => isAlive(pid)).toBe(false)

function createSession(): string {
  const session_id = createSessionId()
  const payload = {title: 'one', agent: 'shell', cwd: '/', created_at: 1000}
  writeFileSync(
    `${folder}/events`,
    `${JSON.stringify({type: 'session.info', session_id, seq: 1, at: 1000, payload})}\n`,
  )
  return session_id
}

test('a killed gateway is restarted, and its session continues without a gap', async () => {
  const seqs: number[] = []
  const statuses: string[] = []
  const live = Promise.withResolvers<void>()
  client = createClient({gateway: localGateway({command: nodeCommand('file-gateway', folder)})})
  const session = await client.openSession(createSession(), {
    onEvent: ({seq}) => seqs.push(seq),
    onStatus({kind}) {
      statuses.push(kind)
      if (kind === 'live' && statuses.length > 1) live.resolve()
    },
  })
  await session.submit('before')
  process.kill(firstPid(), 'SIGKILL')
  await live.promise
  await session.submit('after')
  await expect.poll(() => seqs).toEqual([1, 2, 3])
  expect(statuses).toEqual(['live', 'recovering', 'live'])
  expect(new Set(pids()).size).toBe(2)
})

test('a gateway exits when its client is closed', async () => {
  client = createClient({gateway: localGateway({command: nodeCommand('file-gateway', folder)})})
  await client.openSession(createSession(), {})
  await client.close()
  await isGone(firstPid())
})

test('a missing program is not started again, and the error names it', async () => {
  let starts = 0
  const {connect} = localGateway({command: [`${folder}/no-such-gateway`]})
  client = createClient({
    gateway: {
      connect(...given) {
        starts += 1
        return connect(...given)
      },
    },
  })
  await expect(client.request('gateway.ping', {})).rejects.toMatchObject({name: 'RecoveryError', code: 'gave-up'})
  expect(starts).toBe(1)
  expect(client.status).toMatchObject({kind: 'gave-up', reason: 'not-startable', attempts: 0})
  expect(describeLoss(client.status as never)).toContain(`${folder}/no-such-gateway`)
})

test('gives up a gateway that exits at each start, with the last line of its stderr', async () => {
  client = createClient({
    gateway: localGateway({command: ['sh', '-c', 'echo "$NAME: no such home" >&2; exit 3'], env: {NAME: 'one'}}),
  })
  await expect(client.request('gateway.ping', {})).rejects.toMatchObject({name: 'RecoveryError', code: 'gave-up'})
  expect(client.status).toMatchObject({kind: 'gave-up', reason: 'budget', attempts: 3})
  expect(describeLoss(client.status as never)).toBe('its process exited with code 3: one: no such home')
})

test('stops a gateway that closes its stdout but does not exit', async () => {
  const transport = await localGateway({command: nodeCommand('close-stdout', folder)}).connect(
    1,
    new AbortController().signal,
  )
  transport.listen({message: () => {}})
  await transport.closed
  await isGone(firstPid())
})

test('an aborted start leaves no process', async () => {
  const giveUp = new AbortController()
  const {connect} = localGateway({command: nodeCommand('file-gateway', folder)})
  const transport = await connect(1, giveUp.signal)
  await expect.poll(() => pids()).toHaveLength(1)
  giveUp.abort()
  transport.listen({message: () => {}})
  await isGone(firstPid())
})
