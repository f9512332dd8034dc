// A client in a process of its own, so that it can be killed. Arguments: the built cli.js, the session (`new` for a new
// one), the file for the events that it is shown. It is told prompts on stdin and tells what happens on stdout, one JSON
// object a line.
import {appendFileSync} from 'node:fs'
import {createInterface} from 'node:readline'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {errorCodes} from '@holdfast/protocol'

import {until} from '../e2e/until.ts'
import type {ClientWord, PromptWord} from './client-words.ts'

const [cli = '', sessionName = '', eventsFile = ''] = process.argv.slice(2)
const say = (word: ClientWord) => process.stdout.write(`${JSON.stringify(word)}\n`)
const tell = (error: unknown) => say({kind: 'fault', message: error instanceof Error ? error.message : String(error)})

const client = createClient({
  gateway: localGateway({command: [process.execPath, cli, 'gateway']}),
  // More deaths than its budget allows are what we are here for: a person would try again, too.
  onStatus: ({kind}) => void (kind === 'gave-up' && queueMicrotask(client.retry)),
  onWarning: (message) => say({kind: 'fault', message}),
})
const sessionId = sessionName === 'new' ? await client.createSession({cwd: process.cwd()}) : sessionName
const session = await persist(() =>
  client.openSession(sessionId, {
    onEvent(event, wire) {
      // In the file before anybody counts on it.
      appendFileSync(eventsFile, `${JSON.stringify(wire)}\n`)
      const {seq, type} = event
      say({kind: 'event', seq, type, ...(type === 'message.complete' ? {ended: event.payload.prompt_id} : {})})
    },
    onStatus: ({kind}) => void (kind === 'detached' && persist(() => session.retry()).catch(tell)),
  }),
)
say({kind: 'opened', sessionId})

for await (const line of createInterface({input: process.stdin})) {
  const {promptId, text} = JSON.parse(line) as PromptWord
  // Not waited for: the next may be sent before this one is accepted.
  persist(() => session.submit(text, {promptId})).then(() => say({kind: 'accepted', promptId}), tell)
}
await client.close()

/** Asks again for as long as nobody can be reached, as a person would who trusts that it does no harm. */
async function persist<Value>(ask: () => Promise<Value>): Promise<Value> {
  const outcome = await until(
    async () => {
      try {
        return {value: await ask()}
      } catch (error) {
        if (isUnreachable(error)) return undefined
        throw error
      }
    },
    {what: 'a session that can be reached', timeoutMs: 30_000},
  )
  return outcome.value
}

function isUnreachable(error: unknown): boolean {
  const {code} = error as {code?: unknown}
  return code === 'gave-up' || code === errorCodes.hostUnavailable
}
