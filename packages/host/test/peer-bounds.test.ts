import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {connect, type Socket} from 'node:net'
import {fileURLToPath} from 'node:url'

import {sessionPaths} from '@holdfast/event-log'
import {createSessionId, maxHostPeers} from '@holdfast/protocol'
import {createConnection} from '@holdfast/rpc'
import {connectSocket} from '@holdfast/transport/socket'
import {expect, onTestFinished, test} from 'vitest'

const page = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8')
const program = fileURLToPath(new URL('fixtures/host-program.ts', import.meta.url))

/** What docs/limits.md says is enough, MiB. V8 ends a process that needs more heap. */
const [, heap, memory] = /heap of (\d+) MiB and (\d+) MiB of memory/.exec(page)!

/** The most memory that a process has had, MiB. */
function peakMemory(pid: number): number {
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Number(kibibytes) / 1024
}

test('as many peers as may connect, none of which reads its answers, cost a host no more memory than docs/limits.md says', async () => {
  const home = mkdtempSync('/tmp/hf-')
  onTestFinished(() => rmSync(home, {recursive: true}))
  const session_id = createSessionId()
  const args = [`--max-old-space-size=${heap}`, '--conditions=holdfast-source', program, home, session_id]
  const host = spawn(process.execPath, args, {
    env: {...process.env, HOME: home, SHELL: '/bin/bash'},
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exited = once(host, 'exit')
  onTestFinished(async () => {
    host.kill('SIGKILL')
    await exited
  })
  await once(host.stdout, 'data')
  const {socket: path} = sessionPaths(home, session_id)
  const peer = createConnection(await connectSocket(path))
  onTestFinished(() => peer.close())
  await peer.request('session.create', {cwd: home})
  const submit = (prompt_id: string, text: string) => peer.request('prompt.submit', {session_id, prompt_id, text})
  await submit('running', 'cat')
  await submit('waiting', 'x'.repeat(4_000_000))

  const stalled: Socket[] = []
  onTestFinished(() => stalled.forEach((socket) => socket.destroy()))
  const params = {session_id, after_seq: 1000}
  while (stalled.length < maxHostPeers - 1) {
    const socket = connect(path).pause()
    stalled.push(socket)
    socket.on('error', () => {})
    await once(socket, 'connect')
    for (const id of [1, 2]) socket.write(`${JSON.stringify({jsonrpc: '2.0', id, method: 'session.resume', params})}\n`)
    // Its answer shows that the host lives.
    await peer.request('gateway.ping')
  }
  expect(await peer.request('session.resume', params)).toMatchObject({state: {queue: [{}]}})
  expect(peakMemory(host.pid!)).toBeLessThan(Number(memory))
  // 8 MB for each peer are more than all may leave unread.
  for (const socket of stalled) socket.resume()
  await expect.poll(() => stalled.filter(({closed}) => closed).length).toBeGreaterThan(stalled.length / 2)
  // A shell whose host is killed would still write its history while the folder is removed.
  await peer.request('session.close', {session_id})
  await exited
})
