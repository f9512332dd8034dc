/** Knows what was said, and counts when it is asked to. Argument: the folder of its sessions. */
import {randomUUID} from 'node:crypto'
import {appendFileSync, existsSync, readFileSync, writeFileSync} from 'node:fs'
import {Readable, Writable} from 'node:stream'
import {setTimeout as delay} from 'node:timers/promises'

import * as acp from '@agentclientprotocol/sdk'

const [, , folder = ''] = process.argv
const fileOf = (sessionId: string) => `${folder}/${sessionId}.txt`
const promptsOf = (sessionId: string) => readFileSync(fileOf(sessionId), 'utf8').split('\n').slice(0, -1)
const text = (value: string): acp.ContentBlock => ({type: 'text', text: value})

acp
  .agent({name: 'counting'})
  .onRequest('initialize', () => ({protocolVersion: acp.PROTOCOL_VERSION, agentCapabilities: {loadSession: true}}))
  .onRequest('session/new', () => {
    const sessionId = randomUUID()
    writeFileSync(fileOf(sessionId), '')
    return {sessionId}
  })
  .onRequest('session/load', async ({params: {sessionId}, client}) => {
    if (!existsSync(fileOf(sessionId))) throw acp.RequestError.resourceNotFound(sessionId)
    for (const prompt of promptsOf(sessionId)) {
      const update = {sessionUpdate: 'user_message_chunk', content: text(prompt)} as const
      await client.notify('session/update', {sessionId, update})
    }
    return {}
  })
  .onRequest('session/prompt', async ({params: {sessionId, prompt}, client}) => {
    const said = prompt.map((block) => (block.type === 'text' ? block.text : '')).join('')
    const earlier = promptsOf(sessionId)
    appendFileSync(fileOf(sessionId), `${said}\n`)
    const send = (update: acp.SessionUpdate) => client.notify('session/update', {sessionId, update})
    const say = (value: string) => send({sessionUpdate: 'agent_message_chunk', content: text(value)})
    if (said !== 'count') await say(`You said before: ${earlier.join(', ')}`)
    else {
      await send({sessionUpdate: 'tool_call', toolCallId: 'abacus', title: 'Move the beads', status: 'in_progress'})
      for (let number = 1; number <= 100; number++) {
        await say(`${number} `)
        await delay(20)
      }
    }
    return {stopReason: 'end_turn'}
  })
  .connect(
    acp.ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>),
  )
