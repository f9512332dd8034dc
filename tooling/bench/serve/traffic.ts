import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

/** What sessions send, as a gateway encodes it. */
export type TrafficName = keyof typeof traffics

interface Traffic {
  /** How many events there are. */
  events: number
  /** The type of the `index`th event, and its payload without the prompt. */
  event(index: number): {type: string; payload: object}
}

/** English as agents write it, and paths as builds print them: those of this repository. */
const root = join(import.meta.dirname, '../../..')
const words = ['tour', 'agents', 'drive', 'mcp', 'shells']
  .flatMap((page) => readFileSync(`${root}/docs/${page}.md`, 'utf8').split(/\s+/))
  .slice(0, 20_000)
const paths = readdirSync(`${root}/packages`, {recursive: true, encoding: 'utf8'}).filter(
  (path) => path.endsWith('.ts') && !path.includes('node_modules'),
)

export const traffics = {
  /** Commands that print a line: four events each. */
  history: {
    events: 100_000,
    event(index) {
      const text = `echo ${Math.floor(index / 4)}`
      return [
        {type: 'prompt.queued', payload: {text, position: 0}},
        {type: 'message.start', payload: {text}},
        {type: 'message.delta', payload: {text: `${Math.floor(index / 4)}\n`}},
        {type: 'message.complete', payload: {status: 'complete', exit_code: 0, duration_ms: 4}},
      ][index % 4]!
    },
  },
  /** A build: lines that differ in numbers and names, about 1 KB at a time. */
  build: {
    events: 2000,
    event(index) {
      const lines = Array.from({length: 16}, (_, line) => {
        const number = index * 16 + line
        return `\u001b[32m✓\u001b[0m [${number}/32000] packages/${paths[number % paths.length]} ${(number * 7919) % 1000} ms\r\n`
      })
      return {type: 'message.delta', payload: {text: lines.join('')}}
    },
  },
  /** A coding agent that answers: three words at a time. */
  agent: {
    events: 10_000,
    event(index) {
      const text = [0, 1, 2].map((word) => words[(index * 3 + word) % words.length]).join(' ')
      return {type: 'message.delta', payload: {text: `${text} `}}
    },
  },
} satisfies Record<string, Traffic>

/** A message as a client gets it. */
export function messageOf(name: TrafficName, index: number): string {
  const {type, payload} = traffics[name].event(index)
  const at = 1_795_219_200_000 + index * 3
  const params = {type, session_id: 'h0ldfast00', seq: index + 1, at, payload: {prompt_id: 'p5zkq8xw2m', ...payload}}
  return JSON.stringify({jsonrpc: '2.0', method: 'event', params})
}
