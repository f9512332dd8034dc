/**
 * An agent that streams as fast as a pipe takes it, in chunks of a few words. A prompt is the number of chunks. It knows one
 * session. Its start takes as long as that of a quick real agent.
 */
import {createInterface} from 'node:readline'
import {setTimeout as delay} from 'node:timers/promises'

import {chunkText} from './contender.ts'

const startMs = 300
const sessionId = 'session'
const write = (message: object) => process.stdout.write(`${JSON.stringify({jsonrpc: '2.0', ...message})}\n`)

async function stream(count: number): Promise<void> {
  const content = {type: 'text', text: chunkText}
  const update = {sessionUpdate: 'agent_message_chunk', content}
  const line = `${JSON.stringify({jsonrpc: '2.0', method: 'session/update', params: {sessionId, update}})}\n`
  for (let sent = 0; sent < count; sent += 200) {
    const isRoom = process.stdout.write(line.repeat(Math.min(200, count - sent)))
    if (!isRoom) await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
  }
}

interface Request {
  id: number
  method: string
  params: {prompt: {text: string}[]}
}

await delay(startMs)
for await (const line of createInterface({input: process.stdin})) {
  const {id, method, params} = JSON.parse(line) as Request
  if (method === 'initialize') write({id, result: {protocolVersion: 1, agentCapabilities: {loadSession: true}}})
  else if (method === 'session/new') write({id, result: {sessionId}})
  else if (method === 'session/load') write({id, result: {}})
  else if (method === 'session/prompt') {
    await stream(Number(params.prompt[0]?.text))
    write({id, result: {stopReason: 'end_turn'}})
  }
}
