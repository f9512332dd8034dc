/**
 * An agent that answers with a file. A prompt is `FILE`, as fast as a pipe takes it, or `FILE RATE SECONDS`: that many words a
 * second, over and over.
 */
import {readFileSync} from 'node:fs'
import {createInterface} from 'node:readline'
import {setTimeout as delay} from 'node:timers/promises'

const sessionId = 'session'
const write = (message: object) => process.stdout.write(`${JSON.stringify({jsonrpc: '2.0', ...message})}\n`)
const say = (text: string) =>
  write({
    method: 'session/update',
    params: {sessionId, update: {sessionUpdate: 'agent_message_chunk', content: {type: 'text', text}}},
  })

/** UTF-16 units of a message, as large as the ones of quick agents. */
const messageLength = 1000

async function sayAll(text: string): Promise<void> {
  for (let at = 0; at < text.length; at += messageLength) {
    if (!say(text.slice(at, at + messageLength))) await new Promise<void>((go) => process.stdout.once('drain', go))
  }
}

async function sayWords(text: string, rate: number, seconds: number): Promise<void> {
  const words = text.match(/\S*\s+/g) ?? []
  const startedAt = performance.now()
  for (let said = 0; said < rate * seconds;) {
    const due = Math.min(((performance.now() - startedAt) * rate) / 1000, rate * seconds)
    for (; said < due; said++) say(words[said % words.length]!)
    await delay(1000 / rate)
  }
}

interface Request {
  id: number
  method: string
  params: {prompt: {text: string}[]}
}

for await (const line of createInterface({input: process.stdin})) {
  const {id, method, params} = JSON.parse(line) as Request
  if (method === 'initialize') write({id, result: {protocolVersion: 1, agentCapabilities: {loadSession: true}}})
  else if (method === 'session/new') write({id, result: {sessionId}})
  else if (method === 'session/load') write({id, result: {}})
  else if (method === 'session/prompt') {
    const [file = '', rate, seconds] = (params.prompt[0]?.text ?? '').split(' ')
    const text = readFileSync(file, 'utf8')
    await (rate === undefined ? sayAll(text) : sayWords(text, Number(rate), Number(seconds)))
    write({id, result: {stopReason: 'end_turn'}})
  }
}
