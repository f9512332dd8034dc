// A coding agent that does for its prompts what command.sh does for commands: `ID VERSION WORK …`. It notes the id and the
// version of each prompt that it receives, and writes all that it says to a file before it says it. WORK is one of:
// print LINES PAUSE, flood LINES, ask, tool SECONDS. Argument: the folder for its sessions.
import {execFile} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {appendFileSync, readFileSync, writeFileSync} from 'node:fs'
import {Readable, Writable} from 'node:stream'
import {setTimeout as delay} from 'node:timers/promises'
import {promisify} from 'node:util'

import * as acp from '@agentclientprotocol/sdk'

import {choices} from './choices.ts'

const [, , folder = ''] = process.argv
const fileOf = (sessionId: string) => `${folder}/${sessionId}`
const receivedIn = (sessionId: string) => readFileSync(fileOf(sessionId), 'utf8').split('\n').slice(0, -1)
const text = (value: string): acp.ContentBlock => ({type: 'text', text: value})

let turn = new AbortController()

interface Turn {
  id: string
  args: readonly string[]
  sessionId: string
  client: acp.AgentContext
  signal: AbortSignal
  say(value: string): Promise<void>
  update(value: acp.SessionUpdate): Promise<void>
}

const work: Readonly<Record<string, (turn: Turn) => Promise<void>>> = {
  async print({id, args: [lines, pause], say, signal}) {
    for (let line = 1; line <= Number(lines) && !signal.aborted; line++) {
      await say(`${id} line ${line} ✓\n`)
      if (Number(pause) > 0) await delay(Number(pause) * 1000)
    }
  },
  async flood({args: [lines], say, signal}) {
    for (let line = 1; line <= Number(lines) && !signal.aborted; line++) await say(`${line}\n`)
  },
  async ask({id, sessionId, client, say}) {
    await say(`${id} asks\n`)
    const {outcome} = await client.request('session/request_permission', {
      sessionId,
      toolCall: {toolCallId: `question-${id}`, title: `May ${id} go on?`},
      options: choices.map((choice): acp.PermissionOption => ({optionId: choice, name: choice, kind: 'allow_once'})),
    })
    if (outcome.outcome === 'selected') appendFileSync(`input-${id}`, `${outcome.optionId}\n`)
  },
  async tool({id, args: [seconds = '0'], sessionId, client, say, update}) {
    await say(`${id} calls a tool\n`)
    const tool = {toolCallId: `tool-${id}`, title: 'sleep', kind: 'execute' as const}
    await update({sessionUpdate: 'tool_call', ...tool, status: 'pending'})
    // The policy of the settings allows it.
    const options = [{optionId: 'yes', name: 'Yes', kind: 'allow_once' as const}]
    await client.request('session/request_permission', {sessionId, toolCall: tool, options})
    await update({sessionUpdate: 'tool_call_update', toolCallId: tool.toolCallId, status: 'in_progress'})
    await promisify(execFile)('sleep', [seconds])
    await update({sessionUpdate: 'tool_call_update', toolCallId: tool.toolCallId, status: 'completed'})
    await say(`${id} has called a tool\n`)
  },
}

acp
  .agent({name: 'faults'})
  .onRequest('initialize', () => ({
    protocolVersion: acp.PROTOCOL_VERSION,
    // As if another version of it had been installed meanwhile: only some of its processes can resume.
    agentCapabilities: {loadSession: true, ...(process.pid % 2 === 0 && {sessionCapabilities: {resume: {}}})},
  }))
  .onRequest('session/new', () => {
    const sessionId = randomUUID()
    writeFileSync(fileOf(sessionId), '')
    return {sessionId}
  })
  .onRequest('session/load', async ({params: {sessionId}, client}) => {
    for (const prompt of receivedIn(sessionId)) {
      for (const [sessionUpdate, said] of [
        ['user_message_chunk', prompt],
        ['agent_message_chunk', `replayed answer to ${prompt}`],
      ] as const) {
        await client.notify('session/update', {sessionId, update: {sessionUpdate, content: text(said)}})
      }
    }
    return {}
  })
  .onRequest('session/resume', ({params: {sessionId}}) => {
    receivedIn(sessionId)
    return {}
  })
  .onNotification('session/cancel', () => turn.abort())
  .onRequest('session/prompt', async ({params: {sessionId, prompt}, client}) => {
    const said = prompt.map((block) => (block.type === 'text' ? block.text : '')).join('')
    const [id = '', version = '', does = '', ...args] = said.split(' ')
    appendFileSync('effects', `${id} ${version}\n`)
    appendFileSync(fileOf(sessionId), `${said}\n`)
    turn = new AbortController()
    const {signal} = turn
    const update = (value: acp.SessionUpdate) => client.notify('session/update', {sessionId, update: value})
    const say = (value: string) => {
      appendFileSync(`output-${id}`, value)
      return update({sessionUpdate: 'agent_message_chunk', content: text(value)})
    }
    await work[does]?.({id, args, sessionId, client, signal, say, update})
    if (signal.aborted) return {stopReason: 'cancelled'}
    appendFileSync('finished', `${id}\n`)
    return {stopReason: 'end_turn'}
  })
  .connect(
    acp.ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>),
  )
