import {openFleet} from '@holdfast/fleet'
import {createSessionId, errorCodes, type Result} from '@holdfast/protocol'
import {expect, onTestFinished, test} from 'vitest'

import {startServer} from '../../../fleet/test/fixtures/start-servers.ts'
import {openGatewayFleet} from '../../src/fleet.ts'
import {startMachine} from '../fixtures/fleet-machine.ts'
import {createGatewayHome, until, upTo, type ConnectOptions} from '../fixtures/gateway-home.ts'

/** A home whose gateways belong to a fleet that nobody can reach. */
function openCutOff({machine}: {machine?: string | undefined} = {}) {
  const home = createGatewayHome()
  onTestFinished(() => home[Symbol.asyncDispose]())
  let attempts = 0
  const fleet = openGatewayFleet({
    open() {
      attempts++
      return openFleet(['nats://127.0.0.1:1'], {timeoutMs: 500})
    },
    machine,
    copies: `${home.path}/copies`,
    version: '1.2.3',
  })
  return {home, connect: (options?: ConnectOptions) => home.connect({fleet, ...options}), attempts: () => attempts}
}

test.each([['a'], [undefined]])(
  'sessions of the home are served without the cluster, as machine %s',
  async (machine) => {
    const {home, connect, attempts} = openCutOff({machine})
    const id = home.createSession()
    const {peer, seqs} = connect()
    await peer.request('session.resume', {session_id: id, after_seq: 0})
    await peer.request('prompt.submit', {session_id: id, prompt_id: 'p', text: 'print 1'})
    await until(() => expect(seqs).toEqual(upTo(4)))
    const lacking = {
      incomplete: expect.stringMatching(/^The fleet cannot be asked: .*: only what this machine has is shown$/),
      incomplete_code: errorCodes.hostUnavailable,
    }
    expect(await peer.request('session.list')).toMatchObject({sessions: [{id, state: 'idle'}], ...lacking})
    expect(await peer.request('session.search', {words: ['made']})).toMatchObject(lacking)
    const {events} = (await peer.request('session.events', {session_id: id})) as Result<'session.events'>
    expect(events).toHaveLength(4)
    // Who wants a session of this home does not wait for each attempt.
    expect(attempts()).toBeLessThanOrEqual(3)
  },
)

test('a session that only the cluster knows is an error that says so', async () => {
  const {connect} = openCutOff()
  const {peer} = connect()
  for (const method of ['session.resume', 'session.events', 'session.create', 'session.delete']) {
    const params = {session_id: createSessionId(), ...(method === 'session.resume' && {after_seq: 0})}
    await expect(peer.request(method, params)).rejects.toMatchObject({
      code: errorCodes.hostUnavailable,
      message: expect.stringMatching(/^The fleet cannot be asked: /),
    })
  }
})

test('a session of another machine goes on when the cluster is back', async () => {
  const server = await startServer()
  const [a, b] = [await startMachine([server], 'a'), await startMachine([server], 'b')]
  const client = b.connect()
  const {session_id} = (await a.connect().peer.request('session.create', {})) as {session_id: string}
  const own = (await client.peer.request('session.create', {})) as {session_id: string}
  await client.peer.request('session.resume', {session_id, after_seq: 0})
  await server.kill('SIGKILL')
  await until(() => expect(b.fleet.isConnected()).toBe(false))
  await client.peer.request('prompt.submit', {...own, prompt_id: 'p', text: 'print 1'})
  const submitted = client.peer.request('prompt.submit', {session_id, prompt_id: 'p', text: 'print 5'})
  await until(() =>
    expect(client.ephemeral.at(-1)).toMatchObject({
      type: 'session.unresponsive',
      session_id,
      payload: {message: expect.stringMatching(/^The fleet cannot be asked: /)},
    }),
  )
  await server.start()
  await submitted
  await until(() => expect(client.seqs).toEqual(upTo(8)))
})

test('a host that finds its session elsewhere is not started for ever while the gateway cannot ask where', async () => {
  const {home, connect} = openCutOff({machine: 'a'})
  const session_id = home.createSession()
  const {peer} = connect({mode: 'held-elsewhere'})
  await expect(peer.request('session.look', {session_id})).rejects.toMatchObject({
    code: errorCodes.hostUnavailable,
    message: `Another machine of the fleet has session ${session_id}, and the cluster cannot be asked which one`,
  })
  expect(home.starts().length).toBeGreaterThan(1)
})
