import {setTimeout as sleep} from 'node:timers/promises'

import {createClient, type ClientSession, type LoggedEvent} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {expect, test} from 'vitest'

import {cli, createHome, type Home} from '../support/home.ts'

const openClient = ({env}: Home) =>
  createClient({gateway: localGateway({command: [process.execPath, cli, 'gateway'], env})})

const killGateway = async (home: Home) => void process.kill((await home.process('gateway')).pid, 'SIGKILL')

/** Follows a session to the end of its first prompt; returns the seqs and the lines of output. */
async function follow(session: ClientSession, onEvent: (event: LoggedEvent) => unknown) {
  const seqs: number[] = []
  let output = ''
  for await (const event of session.events()) {
    seqs.push(event.seq)
    if (event.type === 'message.delta') output += event.payload.text ?? ''
    await onEvent(event)
    if (event.type === 'message.complete') break
  }
  return {seqs, lines: output.trimEnd().split('\r\n')}
}

test('a loop over the events of a session continues without a gap when its gateway is killed', async () => {
  await using home = createHome()
  const client = openClient(home)
  const session = await client.openSession(await client.createSession({cwd: home.project}))
  await session.submit('for i in $(seq 60); do echo $i; sleep 0.05; done')
  let deltas = 0
  const {seqs, lines} = await follow(session, async ({type}) => {
    if (type === 'message.delta' && (++deltas === 5 || deltas === 20)) await killGateway(home)
  })
  expect(lines).toEqual(Array.from({length: 60}, (_, index) => `${index + 1}`))
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
  await session.close()
  await client.close()
})

test('a loop that is slower than a flood gets all events, even through a kill, and ends with the session', async () => {
  await using home = createHome()
  const client = openClient(home)
  const session = await client.openSession(await client.createSession({cwd: home.project}))
  const {prompt_id} = await session.submit('seq 2000000')
  // The whole flood is in the log before the loop takes its second event.
  const complete = Promise.withResolvers<void>()
  const watching = (async () => {
    for await (const event of session.events()) {
      if (event.type === 'message.complete' && event.payload.prompt_id === prompt_id) break
    }
    complete.resolve()
  })()
  let isFirst = true
  const {seqs, lines} = await follow(session, async () => {
    if (!isFirst) return
    isFirst = false
    await complete.promise
    await killGateway(home)
    await sleep(50)
  })
  await watching
  expect(lines.length).toBe(2_000_000)
  expect(lines.every((line, index) => line === `${index + 1}`)).toBe(true)
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))

  const types: string[] = []
  const rest = (async () => {
    for await (const {type} of session.events({afterSeq: seqs.length})) types.push(type)
  })()
  await session.close()
  await rest
  expect(types.at(-1)).toBe('session.closed')
  await client.close()
})
