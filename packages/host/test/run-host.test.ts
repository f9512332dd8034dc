import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync, mkdtempSync, renameSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'

import {openSqliteLog, sessionPaths} from '@holdfast/event-log'
import {createSessionId, parseEvent, type SessionEvent} from '@holdfast/protocol'
import {createConnection} from '@holdfast/rpc'
import {connectSocket} from '@holdfast/transport/socket'
import {expect, onTestFinished, test} from 'vitest'

const program = fileURLToPath(new URL('fixtures/host-program.ts', import.meta.url))
const ask = String.raw`stty raw -echo; printf '\033[6n'; dd bs=1 count=4 > /dev/null 2>&1; stty sane; echo answered`

function startHost(home: string, sessionId: string) {
  return spawn(process.execPath, ['--conditions=holdfast-source', program, home, sessionId], {
    env: {...process.env, HOME: home, SHELL: '/bin/bash'},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

test('a host opens a session whose whole log a kill kept from taking its place', async () => {
  const home = mkdtempSync('/tmp/hf-')
  onTestFinished(() => rmSync(home, {recursive: true}))
  const session_id = createSessionId()
  const {log: file, socket} = sessionPaths(home, session_id)
  mkdirSync(dirname(file), {recursive: true, mode: 0o700})
  const log = openSqliteLog({file, sessionId: session_id, create: true})
  log.append([{type: 'session.info', payload: {title: 'saved', agent: 'shell', cwd: home, created_at: 1}}])
  log.close()
  renameSync(file, `${file}.repaired`)

  const host = startHost(home, session_id)
  const exited = once(host, 'exit')
  await once(host.stdout, 'data')
  const peer = createConnection(await connectSocket(socket))
  const resumed = await peer.request('session.resume', {session_id, after_seq: 0})
  expect(resumed).toMatchObject({state: {info: {title: 'saved'}}, latest_seq: 1})
  await peer.request('session.close', {session_id})
  expect(await exited).toEqual([0, null])
})

test('a host loads no module after it is ready, whatever its clients and programs do', async () => {
  const home = mkdtempSync('/tmp/hf-')
  onTestFinished(() => rmSync(home, {recursive: true}))
  const session_id = createSessionId()
  const host = startHost(home, session_id)
  const stderr = text(host.stderr)
  const exited = once(host, 'exit')
  await once(host.stdout, 'data')

  const peer = createConnection(await connectSocket(sessionPaths(home, session_id).socket))
  const ended = new Set<string>()
  let output = ''
  peer.subscribe('event', (params) => {
    const event = parseEvent(params) as SessionEvent
    if (event.type === 'message.complete') ended.add(event.payload.prompt_id)
    if (event.type === 'message.delta') output += 'text' in event.payload ? event.payload.text : ''
  })
  let prompts = 0
  const submit = async (command: string) => {
    const prompt_id = `p${(prompts += 1)}`
    await peer.request('prompt.submit', {session_id, prompt_id, text: command})
    return {ended: () => expect.poll(() => ended.has(prompt_id)).toBe(true)}
  }

  await peer.request('session.create', {cwd: home})
  await peer.request('session.resume', {session_id, after_seq: 0, cols: 80, rows: 24})
  await (await submit('true')).ended()
  await (await submit(ask)).ended()
  expect(output).toContain('answered')
  await (await submit('exit')).ended()
  const cat = await submit('cat')
  const queued = await submit('echo queued')
  await peer.request('session.resize', {session_id, cols: 100, rows: 30})
  await peer.request('attach.start', {session_id, attach_id: 'a1', cols: 90, rows: 25})
  await peer.request('attach.end', {session_id, attach_id: 'a1'})
  await peer.request('draft.set', {session_id, text: 'half a prompt'})
  await peer.request('session.interrupt', {session_id})
  await Promise.all([cat.ended(), queued.ended()])
  await peer.request('session.close', {session_id})
  expect(await exited).toEqual([0, null])
  expect(await stderr).toBe('')
})

/** A host without a session waits for 15 s for a client that is still to come. */
const untilNextClientMs = 10_000

test(
  'a host whose client leaves before it has created the session ends soon',
  {timeout: untilNextClientMs},
  async () => {
    const home = mkdtempSync('/tmp/hf-')
    onTestFinished(() => rmSync(home, {recursive: true}))
    const session_id = createSessionId()
    const host = startHost(home, session_id)
    const exited = once(host, 'exit')
    await once(host.stdout, 'data')
    const peer = createConnection(await connectSocket(sessionPaths(home, session_id).socket))
    expect(await peer.request('gateway.ping')).toEqual({})
    await peer.close()
    expect(await exited).toEqual([0, null])
  },
)

test('a host that nobody waits for any more once it is ready ends soon', {timeout: untilNextClientMs}, async () => {
  const home = mkdtempSync('/tmp/hf-')
  onTestFinished(() => rmSync(home, {recursive: true}))
  const host = startHost(home, createSessionId())
  host.stdout.destroy()
  expect(await once(host, 'exit')).toEqual([0, null])
})
