import assert from 'node:assert/strict'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'

// Short: the path of a socket may have 104 bytes.
const home = mkdtempSync('/tmp/hf-example-')
const gateway = fileURLToPath(new URL('gateway.ts', import.meta.url))
const gatewayPid = () => Number(readFileSync(`${home}/gateway.pid`, 'utf8'))
const client = createClient({
  gateway: localGateway({command: [process.execPath, '--conditions=holdfast-source', gateway, home]}),
})

const session = await client.openSession(await client.createSession({cwd: home}))
try {
  await session.submit('for number in $(seq 100); do echo $number; sleep 0.02; done')

  let output = ''
  let killed: number | undefined
  for await (const event of session.events()) {
    if (event.type === 'message.delta') output += event.payload.text ?? ''
    if (event.type === 'message.complete') break
    if (killed === undefined && output.includes('30\r\n')) {
      killed = gatewayPid()
      process.kill(killed, 'SIGKILL')
    }
  }

  const expected = Array.from({length: 100}, (_, index) => index + 1)
  assert.deepEqual(output.trim().split('\r\n').map(Number), expected)
  assert.notEqual(gatewayPid(), killed)
  console.log('The gateway was killed while the command ran; every number came, once and in order')
} finally {
  await session.close()
  await client.close()
  rmSync(home, {recursive: true, maxRetries: 10, retryDelay: 50})
}
