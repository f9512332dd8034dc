import {createSessionId, serveMethods, type Methods} from '@holdfast/protocol'
import {createConnection, createMemoryPair, RpcError, type HandlerContext} from '@holdfast/rpc'
import {expect, expectTypeOf, test} from 'vitest'

import {openClient, output, watch} from './fixtures/open-client.ts'

test('the methods of the protocol type a connection', async () => {
  const [near, far] = createMemoryPair()
  const session_id = createSessionId()
  createConnection(far, {
    handlers: serveMethods<HandlerContext>(
      {'gateway.ping': () => ({}), 'session.create': () => ({session_id})},
      (code, message) => new RpcError(code, message),
    ),
  })
  const gateway = createConnection<object, Methods>(near)
  const created = await gateway.request('session.create', {cwd: '/srv'})
  expectTypeOf(created.session_id).toBeString()
  expect(created.session_id).toBe(session_id)
  expect(await gateway.request('gateway.ping')).toEqual({})
  // @ts-expect-error -- no method has this name
  await expect(gateway.request('session.crate', {})).rejects.toMatchObject({code: -32601})
  // @ts-expect-error -- a directory is a string
  await expect(gateway.request('session.create', {cwd: 7})).rejects.toMatchObject({code: -32602})
})

test('results, events and states have only the keys of the protocol, so that a misspelled one does not compile', async () => {
  const opened = openClient()
  const {gateway, client} = opened
  const texts: unknown[] = []
  const extras: unknown[] = []
  const {session} = await watch(opened, {
    onEvent(event, wire) {
      if (event.type !== 'message.delta') return
      expectTypeOf(event.payload).toEqualTypeOf<{
        prompt_id: string
        text?: string | undefined
        base64?: string | undefined
      }>()
      // @ts-expect-error -- a misspelled key
      texts.push(event.payload.text, event.payload.txt)
      extras.push((wire as {payload: {extra: unknown}}).payload.extra, event.payload)
    },
  })
  const newer = output('a')
  const payload = {...newer.payload, extra: 'of a newer peer'}
  gateway.append(session.id, {...newer, payload} as typeof newer)
  await expect.poll(() => texts).toEqual(['a', undefined])
  // Unknown keys are kept where an event is passed on.
  expect(extras).toEqual(['of a newer peer', payload])

  const page = await client.request('session.events', {session_id: session.id})
  // @ts-expect-error -- a misspelled key
  expect([page.latest_seq, page.latestSeq]).toEqual([2, undefined])
  // @ts-expect-error -- a misspelled key
  expect([session.state.info.title, session.state.info.titel]).toEqual(['one', undefined])
  // @ts-expect-error -- a misspelled key
  expect(session.activity?.echoes).toBeUndefined()
})
