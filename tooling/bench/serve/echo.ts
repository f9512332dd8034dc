import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {remoteGateway} from '@holdfast/client/remote'

import {cli, createHome, type Home} from '../../../apps/tui/e2e/support/home.ts'
import {startServer, token} from '../../../apps/tui/e2e/support/serve.ts'
import {percentileOf} from '../report.ts'

export const echoMetric = 'ms from a key to its echo at a client, 95th percentile of 200'
const keyCount = 200

/** Types into `cat`, one key when the one before was echoed by the terminal. */
export async function measureEcho(contender: 'local' | 'holdfast'): Promise<number> {
  await using home = createHome()
  await using stack = new AsyncDisposableStack()
  const client = createClient({gateway: contender === 'local' ? besideUs(home) : await served(home, stack)})
  stack.defer(() => client.close())
  let onOutput = () => {}
  const session = await client.openSession(await client.createSession({cwd: home.project, shell: '/bin/bash'}), {
    onEvent: ({type}) => type === 'message.delta' && onOutput(),
  })
  const {prompt_id} = await session.submit('echo ready; cat')
  const next = () => new Promise<void>((resolve) => (onOutput = resolve))
  await next()
  const echoMs: number[] = []
  while (echoMs.length < keyCount) {
    const typedAt = performance.now()
    const echoed = next()
    await client.request('session.input', {session_id: session.id, prompt_id, text: 'x'})
    await echoed
    echoMs.push(performance.now() - typedAt)
  }
  return percentileOf(echoMs, 0.95)
}

const besideUs = ({env}: Home) => localGateway({command: [process.execPath, cli, 'gateway'], env})

async function served(home: Home, stack: AsyncDisposableStack) {
  const {url} = stack.use(await startServer(home))
  return remoteGateway({url, token})
}
