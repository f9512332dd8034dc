import {createSessionId, serveMethods, type Methods} from '@holdfast/protocol'
import {createConnection, createMemoryPair, RpcError, type HandlerContext} from '@holdfast/rpc'
import {expect, expectTypeOf, test} from 'vitest'

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
