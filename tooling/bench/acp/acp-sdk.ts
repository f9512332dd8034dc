import {spawn} from 'node:child_process'
import {Readable, Writable} from 'node:stream'

import * as acp from '@agentclientprotocol/sdk'

import {args, command, type Contender} from './contender.ts'

/** The SDK as its README shows it. It has no way back: what is measured instead is the start of an agent, and a load. */
export const acpSdk: Contender = {
  async start() {
    const {client, request} = await connect()
    const {sessionId} = await request('session/new', {cwd: process.cwd(), mcpServers: []})
    return {
      async prompt(text) {
        client.chunks = 0
        await request('session/prompt', {sessionId, prompt: [{type: 'text', text}]})
        return client.chunks
      },
      stop: () => client.stop(),
    }
  },
  async comeBack() {
    const {client, request} = await connect()
    await request('session/load', {sessionId: 'session', cwd: process.cwd(), mcpServers: []})
    // Not awaited: the time of its end does not count.
    void client.stop()
  },
}

async function connect() {
  const child = spawn(command, args, {stdio: ['pipe', 'pipe', 'inherit']})
  const client = {
    chunks: 0,
    async stop() {
      child.kill('SIGKILL')
    },
  }
  const connection = acp
    .client({name: 'bench'})
    .onNotification('session/update', () => void client.chunks++)
    .connect(acp.ndJsonStream(Writable.toWeb(child.stdin), Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>))
  const request = connection.agent.request.bind(connection.agent)
  await request('initialize', {protocolVersion: acp.PROTOCOL_VERSION})
  return {client, request}
}
