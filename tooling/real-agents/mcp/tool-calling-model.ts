import {createServer, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

import type {ModelServer} from '../read-folder.ts'

/** What the model answers: it calls a tool of the agent, or says a text. */
type Answer = Call | {text: string}

interface Call {
  tool: string
  /** As JSON. */
  arguments: string
  /** What the responses of OpenAI call a group of tools. */
  namespace?: string
}

interface Request {
  /** The newest message. */
  role: 'user' | 'tool'
  text: string
  /** The names of the tools that the agent offers. */
  tools: readonly string[]
}

/**
 * A scripted model on loopback, for agents that speak the chat completions or the responses of OpenAI. For the directive
 * `[[call TOOL JSON]]` in the newest prompt, it calls that tool of the server `holdfast` with these arguments, and then says `got: `
 * and what the tool returned. To all else, it says `nothing to do`.
 */
export async function startToolCallingModel(): Promise<ModelServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const isChat = request.url?.endsWith('/chat/completions') === true
    if (!isChat && request.url?.endsWith('/responses') !== true) return void response.writeHead(404).end()
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ChatBody & ResponsesBody
    response.writeHead(200, {'content-type': 'text/event-stream'})
    if (isChat) sendChat(response, answerTo(readChat(body)))
    else sendResponse(response, answerTo(readResponses(body)))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function answerTo({role, text, tools}: Request): Answer {
  if (role === 'tool') return {text: `got: ${text}`}
  const [, name = '', args = ''] = /\[\[call (\w+) (.*)\]\]/s.exec(text) ?? []
  if (name === '') return {text: 'nothing to do'}
  return callOf(name, args, tools) ?? {text: `there is no tool ${name} among ${tools.join(', ')}`}
}

/** The tool of the server, by itself, in a group, or behind the tool for those that an agent has not shown to the model. */
function callOf(name: string, args: string, tools: readonly string[]): Call | undefined {
  const whole = `mcp__holdfast__${name}`
  if (tools.includes(whole)) return {tool: whole, arguments: args}
  if (tools.includes('mcp__holdfast')) return {tool: name, arguments: args, namespace: 'mcp__holdfast'}
  if (!tools.includes('tool_call')) return undefined
  return {tool: 'tool_call', arguments: JSON.stringify({name: whole, arguments: JSON.parse(args)})}
}

type Content = string | readonly {text?: string}[] | undefined

interface ChatBody {
  messages: readonly {role: string; content?: Content}[]
  tools?: readonly {function?: {name: string}}[]
}

interface ResponsesBody {
  input: readonly {type?: string; role?: string; content?: Content; output?: Content}[]
  tools?: readonly {name?: string}[]
}

function readChat({messages, tools = []}: ChatBody): Request {
  const newest = messages.findLast(({role}) => role === 'user' || role === 'tool')
  const names = tools.flatMap((tool) => tool.function?.name ?? [])
  return {role: newest?.role === 'tool' ? 'tool' : 'user', text: textOf(newest?.content), tools: names}
}

function readResponses({input, tools = []}: ResponsesBody): Request {
  const newest = input.findLast(({type, role}) => type === 'function_call_output' || role === 'user')
  const isOutput = newest?.type === 'function_call_output'
  const text = textOf(isOutput ? newest.output : newest?.content)
  return {role: isOutput ? 'tool' : 'user', text, tools: tools.flatMap(({name}) => name ?? [])}
}

function textOf(content: Content): string {
  return typeof content === 'string' ? content : (content ?? []).map(({text = ''}) => text).join('')
}

let calls = 0

function sendChat(response: ServerResponse, answer: Answer): void {
  const send = (delta: object, finish_reason: string | null) => {
    const choices = [{index: 0, delta, finish_reason}]
    response.write(
      `data: ${JSON.stringify({id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices})}\n\n`,
    )
  }
  if ('tool' in answer) {
    const call = {
      index: 0,
      id: `call_${++calls}`,
      type: 'function',
      function: {name: answer.tool, arguments: answer.arguments},
    }
    send({role: 'assistant', tool_calls: [call]}, null)
  } else send({role: 'assistant', content: answer.text}, null)
  send({}, 'tool' in answer ? 'tool_calls' : 'stop')
  response.write('data: [DONE]\n\n')
}

function sendResponse(response: ServerResponse, answer: Answer): void {
  const send = (type: string, fields: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({type, ...fields})}\n\n`)
  const id = `r_${++calls}`
  const item = 'tool' in answer ? callItem(id, answer) : messageItem(id, answer.text)
  send('response.created', {response: {id}})
  send('response.output_item.added', {output_index: 0, item: item})
  if ('text' in answer) send('response.output_text.delta', {item_id: item.id, output_index: 0, delta: answer.text})
  send('response.output_item.done', {output_index: 0, item})
  const usage = {input_tokens: 1, output_tokens: 1, total_tokens: 2}
  send('response.completed', {response: {id, status: 'completed', output: [item], usage}})
}

function callItem(id: string, {tool: name, arguments: args, namespace}: Call) {
  return {type: 'function_call', id: `f_${id}`, call_id: `call_${id}`, name, arguments: args, namespace}
}

function messageItem(id: string, text: string) {
  return {type: 'message', id: `m_${id}`, role: 'assistant', content: [{type: 'output_text', text}]}
}
