import {expect, test, vi} from 'vitest'
import {isPeerGone, PeerGoneError} from '../src/connection/peer-gone-error.ts'
import {RpcError} from '../src/errors/rpc-error.ts'

const gone = new PeerGoneError({by: 'peer', message: 'its process was killed by SIGKILL', signal: 'SIGKILL'})

test('states the reason', () => {
  expect(gone.message).toBe('The peer is gone: its process was killed by SIGKILL')
  expect(gone.reason.signal).toBe('SIGKILL')
})

test('isPeerGone finds the error itself, in causes and in aggregate errors', () => {
  expect(isPeerGone(gone)).toBe(true)
  expect(isPeerGone(new Error('outer', {cause: new Error('inner', {cause: gone})}))).toBe(true)
  expect(isPeerGone(new AggregateError([new Error('other'), new Error('wraps', {cause: gone})]))).toBe(true)
})

test('isPeerGone is false for an error that the peer answered with, whatever its cause', () => {
  expect(isPeerGone(new RpcError(-32603, 'The peer is gone'))).toBe(false)
  expect(isPeerGone(new RpcError(-32603, 'Internal error', undefined, {cause: gone}))).toBe(false)
  expect(isPeerGone(new Error('outer', {cause: new RpcError(1, 'no', undefined, {cause: gone})}))).toBe(false)
  for (const other of [undefined, null, 'peer-gone', {code: 'peer-gone'}, new Error('no')])
    expect(isPeerGone(other)).toBe(false)
})

test('isPeerGone ends on cycles and long chains', () => {
  const cycle = new Error('cycle')
  cycle.cause = new AggregateError([cycle, cycle])
  expect(isPeerGone(cycle)).toBe(false)
  let chain: Error = gone
  for (let n = 0; n < 1000; n++) chain = new Error('link', {cause: chain})
  expect(isPeerGone(chain)).toBe(false)
})

test('isPeerGone and isRpcError know the errors of another installed copy', async () => {
  vi.resetModules()
  const other = await import('../src/connection/peer-gone-error.ts')
  expect(other.PeerGoneError).not.toBe(PeerGoneError)
  expect(other.isPeerGone(gone)).toBe(true)
  const {isRpcError} = await import('../src/errors/rpc-error.ts')
  expect(isRpcError(new RpcError(1, 'no'))).toBe(true)
})
