// A client in a process of its own, so that it can be killed. Arguments: the built cli.cjs, the session's id (`new shell` or
// `new agent` creates a session), the seq after which the client wants events, the file that gets the events which the client receives. Reads
// DriverMessages from stdin and writes ClientMessages to stdout. `GATEWAY_HOME` in the environment is the `HOLDFAST_HOME` of its gateway.
import {appendFileSync} from 'node:fs'
import {createInterface} from 'node:readline'

import {createClient, repeatUntilReplicated, type ClientSession} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {createSessionId, errorCodes} from '@holdfast/protocol'

import {until} from '../../../apps/tui/e2e/support/until.ts'
import type {ClientMessage, DriverMessage} from './client-messages.ts'
import {testAgent} from './test-agent.ts'

const [cli = '', sessionName = '', afterSeq = '0', eventsFile = ''] = process.argv.slice(2)
const gatewayHome = process.env['GATEWAY_HOME']
const send = (message: ClientMessage) => process.stdout.write(`${JSON.stringify(message)}\n`)
/** The next client repeats the requests that are in flight when this one is closed. */
let isClosing = false
const reportError = (error: unknown) =>
  void (isClosing || send({kind: 'error', message: error instanceof Error ? error.message : String(error)}))

const client = createClient({
  gateway: localGateway({
    command: [process.execPath, cli, 'gateway'],
    ...(gatewayHome !== undefined && {env: {HOLDFAST_HOME: gatewayHome}}),
  }),
  // The harness kills more often than the restart budget allows; a person would retry, too.
  onStatus: ({kind}) => void (kind === 'gave-up' && queueMicrotask(client.retry)),
  onWarning: (message) => send({kind: 'error', message}),
})
const create = async (answerer: string) => {
  const created = {session_id: createSessionId(), cwd: process.cwd(), ...(answerer === 'agent' && {agent: testAgent})}
  return await repeatUntilReplicated(() => client.createSession(created))
}
const sessionId = sessionName.startsWith('new ') ? await create(sessionName.slice('new '.length)) : sessionName
const session = await persist(() =>
  client.openSession(sessionId, {
    afterSeq: Number(afterSeq),
    onEvent(event, wire) {
      // The file has the event before the harness can rely on it.
      appendFileSync(eventsFile, `${JSON.stringify(wire)}\n`)
      const {seq, type} = event
      const promptId = 'payload' in event && 'prompt_id' in event.payload ? event.payload.prompt_id : undefined
      const approvalId = 'payload' in event && 'approval_id' in event.payload ? event.payload.approval_id : undefined
      send({kind: 'event', seq, type, promptId, approvalId})
    },
    onStatus({kind}) {
      if (kind === 'detached') void persist(() => session.retry()).catch(reportError)
    },
  }),
)
send({kind: 'opened', sessionId})

for await (const line of createInterface({input: process.stdin})) {
  // Not awaited: the next request may be sent before this one is answered.
  void carryOut(session, JSON.parse(line) as DriverMessage).catch(reportError)
}
isClosing = true
await client.close()

async function carryOut(to: ClientSession, message: DriverMessage): Promise<void> {
  switch (message.kind) {
    case 'submit':
      await persist(() => to.submit(message.text, {promptId: message.promptId}))
      return void send({kind: 'accepted', promptId: message.promptId})
    case 'change': {
      const {change, promptId, text} = message
      const wasQueued = await persist(() => (change === 'update' ? to.update(promptId, text) : to[change](promptId)))
      return void send({kind: 'changed', change, promptId, wasQueued})
    }
    case 'draft':
      await persist(() => to.setDraft(message.text))
      return void send({kind: 'draft-saved', text: message.text})
    // Input and Ctrl-C are not repeated if they may have arrived: repeating them is the user's decision.
    case 'input':
      return await to.input(Buffer.from(message.text), {promptId: message.promptId}).then(
        () => void send({kind: 'input-taken', promptId: message.promptId}),
        () => void send({kind: 'input-lost', promptId: message.promptId}),
      )
    case 'answer':
      return await persist(() => to.answer(message.approvalId, message.choice)).catch((error: unknown) => {
        // Another client was faster, or the agent is gone.
        const {code} = error as {code?: unknown}
        if (code !== errorCodes.alreadyAnswered && code !== errorCodes.approvalNotFound) throw error
      })
    case 'interrupt':
      await to.interrupt().catch(() => undefined)
      return void send({kind: 'interrupt-over'})
    case 'resize':
      await persist(() => to.resize({cols: message.cols, rows: message.rows}))
      return void send({kind: 'resized', cols: message.cols, rows: message.rows})
  }
}

/** Repeats a request while the session cannot be reached: requests can be repeated without harm. */
async function persist<Value>(request: () => Promise<Value>): Promise<Value> {
  const outcome = await until(
    async () => {
      try {
        return {value: await request()}
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
