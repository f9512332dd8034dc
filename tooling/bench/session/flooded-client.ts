/** A client that counts the output of one command, in a process of its own. Arguments: the folder, the command. */
import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {createPromptId, decodeOutput} from '@holdfast/protocol'

import {limitHeap} from '../../../apps/tui/src/process/limit-heap.ts'
import {cli} from '../../../apps/tui/e2e/support/home.ts'

export interface ClientMessage {
  kind: 'open' | 'over'
  bytes?: number
}

// As each process of Holdfast does.
limitHeap()
const [, , folder = '', command = ''] = process.argv
const client = createClient({gateway: localGateway({command: [process.execPath, cli, 'gateway']})})
const id = await client.createSession({cwd: folder, shell: '/bin/bash'})
let bytes = 0
let onEnd = () => {}
await client.openSession(id, {
  onEvent(event) {
    if (event.type === 'message.delta') bytes += decodeOutput(event.payload).length
    if (event.type === 'message.complete') onEnd()
  },
})
await run('true')
send({kind: 'open'})
process.once('message', () => void run(command).then(() => send({kind: 'over', bytes})))
process.once('disconnect', () => void client.close())

function send(message: ClientMessage): void {
  process.send!(message)
}

async function run(text: string): Promise<void> {
  const ended = new Promise<void>((resolve) => (onEnd = resolve))
  const prompt = {session_id: id, prompt_id: createPromptId(), text, max_output_bytes: null}
  await client.request('prompt.submit', prompt)
  await ended
}
