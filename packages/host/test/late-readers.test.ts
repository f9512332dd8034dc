import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {connect} from 'node:net'
import {text} from 'node:stream/consumers'

import {openSqliteLog} from '@holdfast/event-log'
import {createSessionId, type NewEvent} from '@holdfast/protocol'
import {listenSocket} from '@holdfast/transport/socket'
import {expect, onTestFinished, test} from 'vitest'

import {createSessionServer} from '../src/server/session-server.ts'
import {createSession} from '../src/session/create-session.ts'
import {createHandDrivenAgent} from './fixtures/hand-driven-agent.ts'

test('a host that ends sends a client that reads late what waits for it', async () => {
  const folder = mkdtempSync('/tmp/hf-late-')
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const session_id = createSessionId()
  const log = openSqliteLog({file: `${folder}/log.db`, sessionId: session_id, create: true})
  log.append([{type: 'session.info', payload: {title: 'one', agent: 'shell', cwd: '/', created_at: 1}}])
  // Together more than a socket holds.
  const delta: NewEvent = {type: 'message.delta', payload: {prompt_id: 'p', text: 'x'.repeat(60_000)}}
  log.append(Array.from({length: 6}, () => delta))
  const session = createSession({log, agent: createHandDrivenAgent(), onAppend() {}, onFault() {}})
  const server = createSessionServer({
    sessionId: session_id,
    version: '1.2.3',
    current: () => ({session, log}),
    create() {},
    onClosed() {},
  })
  const listener = await listenSocket(`${folder}/s`, (transport) => server.serve(transport))

  const late = connect(`${folder}/s`)
  await once(late, 'connect')
  const resume = {jsonrpc: '2.0', id: 1, method: 'session.resume', params: {session_id, after_seq: 0}}
  late.write(`${JSON.stringify(resume)}\n`)
  let received = ''
  // Events follow the answer at once.
  for (; !received.includes('message.delta'); late.pause()) received += String((await once(late.resume(), 'data'))[0])

  await listener.close()
  const ended = server.close()
  received += await text(late)
  await ended
  log.close()
  expect(received.match(/x{60000}/g)).toHaveLength(6)
})
