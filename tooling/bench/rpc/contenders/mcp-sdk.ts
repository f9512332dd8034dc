import {Client} from '@modelcontextprotocol/sdk/client/index.js'
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js'
import {Server} from '@modelcontextprotocol/sdk/server/index.js'
import {StdioServerTransport} from '@modelcontextprotocol/sdk/server/stdio.js'
import * as z from 'zod'

import {tickText, type Contender} from '../contender.ts'

const addRequest = z.object({method: z.literal('add'), params: z.object({a: z.number(), b: z.number()})})
const sizeRequest = z.object({method: z.literal('size'), params: z.object({text: z.string()})})
const floodRequest = z.object({method: z.literal('flood'), params: z.object({count: z.number()})})
const tick = z.object({method: z.literal('tick'), params: z.object({n: z.number(), text: z.string()})})
const anyResult = z.looseObject({})

export const mcpSdk: Contender = {
  async serve() {
    const server = new Server({name: 'bench', version: '1.0.0'}, {capabilities: {}})
    server.setRequestHandler(addRequest, ({params: {a, b}}) => ({sum: a + b}))
    server.setRequestHandler(sizeRequest, ({params: {text}}) => ({length: text.length}))
    server.setRequestHandler(floodRequest, async ({params: {count}}) => {
      for (let n = 0; n < count; n++) {
        await server.notification({method: 'tick', params: {n, text: tickText}})
      }
      return {}
    })
    await server.connect(new StdioServerTransport())
  },
  async connect(command, args) {
    const client = new Client({name: 'bench', version: '1.0.0'})
    const transport = new StdioClientTransport({command, args})
    await client.connect(transport)
    return {
      request: (method, params) => client.request({method, params}, anyResult),
      onTick: (listener) => client.setNotificationHandler(tick, ({params}) => listener(params)),
      childPid: () => transport.pid!,
      stop: () => client.close(),
    }
  },
}
