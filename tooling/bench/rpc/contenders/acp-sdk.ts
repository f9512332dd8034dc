import {spawn} from 'node:child_process'
import {Readable, Writable} from 'node:stream'

import * as acp from '@agentclientprotocol/sdk'
import * as z from 'zod'

import {tickText, type Contender, type Tick} from '../contender.ts'

const addParams = z.object({a: z.number(), b: z.number()})
const sizeParams = z.object({text: z.string()})
const floodParams = z.object({count: z.number()})
const tickParams = z.object({n: z.number(), text: z.string()})

export const acpSdk: Contender = {
  serve() {
    acp
      .agent({name: 'bench'})
      .onRequest('add', addParams, ({params: {a, b}}) => ({sum: a + b}))
      .onRequest('size', sizeParams, ({params: {text}}) => ({length: text.length}))
      .onRequest('flood', floodParams, async ({params: {count}, client}) => {
        for (let n = 0; n < count; n++) await client.notify('tick', {n, text: tickText})
        return {}
      })
      .connect(streamOf(process.stdout, process.stdin))
  },
  connect(command, args) {
    const child = spawn(command, args, {stdio: ['pipe', 'pipe', 'inherit']})
    let listener: (params: Tick) => void = () => {}
    const connection = acp
      .client({name: 'bench'})
      .onNotification('tick', tickParams, ({params}) => listener(params))
      .connect(streamOf(child.stdin, child.stdout))
    return {
      request: (method, params) => connection.agent.request(method, params),
      onTick(next) {
        listener = next
      },
      childPid: () => child.pid!,
      stop: () => void child.kill(),
    }
  },
}

function streamOf(output: Writable, input: Readable): acp.Stream {
  return acp.ndJsonStream(Writable.toWeb(output), Readable.toWeb(input) as ReadableStream<Uint8Array>)
}
