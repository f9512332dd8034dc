// A client in a process of its own, so that it can be killed. Arguments: the built cli.js, the session (`new` for a new
// one), the seq after which it wants events, the file for the events that it is shown. It is told what to do on stdin and
// tells what happens on stdout, one JSON object a line.
import {appendFileSync} from 'node:fs'
import {createInterface} from 'node:readline'

import {createClient, type ClientSession} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {errorCodes} from '@holdfast/protocol'

import {until} from '../../apps/tui/e2e/support/until.ts'
import type {ClientWord, DriverWord} from './client-words.ts'

const [cli = '', sessionName = '', afterSeq = '0', eventsFile = ''] = process.argv.slice(2)
const say = (word: ClientWord) => process.stdout.write(`${JSON.stringify(word)}\n`)
/** What is under way when this client is closed, the next one does. */
let isClosing = false
const tell = (error: unknown) =>
  void (isClosing || say({kind: 'fault', message: error instanceof Error ? error.message : String(error)}))

const client = createClient({
  gateway: localGateway({command: [process.execPath, cli, 'gateway']}),
  // More deaths than its budget allows are what we are here for: a person would try again, too.
  onStatus: ({kind}) => void (kind === 'gave-up' && queueMicrotask(client.retry)),
  onWarning: (message) => say({kind: 'fault', message}),
})
const sessionId = sessionName === 'new' ? await client.createSession({cwd: process.cwd()}) : sessionName
const session = await persist(() =>
  client.openSession(sessionId, {
    afterSeq: Number(afterSeq),
    onEvent(event, wire) {
      // In the file before anybody counts on it.
      appendFileSync(eventsFile, `${JSON.stringify(wire)}\n`)
      const {seq, type} = event
      const promptId = 'payload' in event && 'prompt_id' in event.payload ? event.payload.prompt_id : undefined
      say({kind: 'event', seq, type, promptId: promptId as string | undefined})
    },
    onStatus({kind}) {
      say({kind: 'status', is: kind})
      if (kind === 'detached') void persist(() => session.retry()).catch(tell)
    },
  }),
)
say({kind: 'opened', sessionId})

for await (const line of createInterface({input: process.stdin})) {
  // Not waited for: the next may be sent before this one is answered.
  void carryOut(session, JSON.parse(line) as DriverWord).catch(tell)
}
isClosing = true
await client.close()

async function carryOut(to: ClientSession, word: DriverWord): Promise<void> {
  switch (word.kind) {
    case 'submit':
      await persist(() => to.submit(word.text, {promptId: word.promptId}))
      return void say({kind: 'accepted', promptId: word.promptId})
    case 'change': {
      const {does, promptId, text} = word
      const was = await persist(() => (does === 'update' ? to.update(promptId, text) : to[does](promptId)))
      return void say({kind: 'changed', does, promptId, was})
    }
    case 'draft':
      await persist(() => to.setDraft(word.text))
      return void say({kind: 'draft-kept', text: word.text})
    // These are not sent again when nobody knows whether they arrived: what is lost is the user's to repeat.
    case 'input':
      return await to.input(Buffer.from(word.text), {promptId: word.promptId}).then(
        () => void say({kind: 'input-taken', promptId: word.promptId}),
        () => void say({kind: 'input-lost', promptId: word.promptId}),
      )
    case 'interrupt':
      return await to.interrupt().then(
        () => void say({kind: 'interrupt-over'}),
        () => void say({kind: 'interrupt-over'}),
      )
    case 'resize':
      await persist(() => to.resize({cols: word.cols, rows: word.rows}))
      return void say({kind: 'resized', cols: word.cols, rows: word.rows})
  }
}

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
