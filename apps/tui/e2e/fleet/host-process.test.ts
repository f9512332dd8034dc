import {spawn} from 'node:child_process'
import {once} from 'node:events'

import {sessionPaths} from '@holdfast/event-log'
import {readHolder} from '@holdfast/fleet'
import {createSessionId, parseEvent} from '@holdfast/protocol'
import {createConnection} from '@holdfast/rpc'
import {connectSocket} from '@holdfast/transport/socket'
import {expect, test} from 'vitest'

import {startServer} from '../../../../packages/fleet/test/fixtures/start-servers.ts'
import {openTestFleet} from '../../../../packages/fleet/test/fixtures/test-fleet.ts'
import {writeFleetSettings} from '../../src/fleet/fleet-settings.ts'
import {cli, createHome} from '../support/home.ts'

test('the built host joins the fleet of its settings, which its shell does not inherit', async () => {
  const server = await startServer()
  const fleet = await openTestFleet([server])
  await using home = createHome()
  const session_id = createSessionId()
  const settings = writeFleetSettings({servers: [server.url], name: 'main', machine: 'box'})
  const host = spawn(process.execPath, [cli, 'host', session_id], {
    env: {...home.env, ...settings},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(host, 'exit')
  await once(host.stdout, 'data')

  const peer = createConnection(await connectSocket(sessionPaths(home.state, session_id).socket))
  let output = ''
  let hasEnded = false
  peer.subscribe('event', (params) => {
    const {type, payload} = parseEvent(params) as {type: string; payload: {text?: string}}
    if (type === 'message.delta') output += payload.text ?? ''
    if (type === 'message.complete') hasEnded = true
  })
  await peer.request('session.create', {cwd: home.project})
  await peer.request('session.resume', {session_id, after_seq: 0, cols: 80, rows: 24})
  await peer.request('prompt.submit', {session_id, prompt_id: 'a', text: 'env'})
  await expect.poll(() => hasEnded).toBe(true)
  expect(output).toContain('HOLDFAST_SESSION')
  expect(output).not.toContain('FLEET')
  expect(await readHolder(fleet, session_id)).toMatchObject({machine: 'box', state: 'open'})
  await peer.request('session.close', {session_id})
  expect(await exited).toEqual([0, null])
  expect(await readHolder(fleet, session_id)).toMatchObject({machine: 'box', state: 'closed'})
})
