import {describe, expect, test, vi} from 'vitest'
import {claimStdout, createChildTransport} from '../src/stdio.ts'
import {startFixture} from './fixtures/start.ts'

test('other output of a process goes to stderr while its stdout carries messages', async () => {
  const peer = startFixture('printing-peer.ts')
  const transport = createChildTransport(peer)
  const noise = vi.fn()
  const message = await new Promise((resolve) => transport.listen({message: resolve, noise}))
  expect(message).toEqual({jsonrpc: '2.0', method: 'greeting', params: {kept: false}})
  await transport.close()
  expect(await peer.exited).toMatchObject({code: 0})
  const {stderr} = await peer.exited
  expect(stderr).toEqual(
    expect.arrayContaining([
      'printed: console',
      'printed: a console that was kept',
      'printed: stdout',
      "│ 0       │ 'table' │",
    ]),
  )
  expect(noise).not.toHaveBeenCalled()
})

describe('in this process', () => {
  test('release gives stdout back', async () => {
    const toStderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const toStdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    try {
      const before = process.stdout.write
      const listeners = () => ['error', 'close'].map((event) => process.stdout.listenerCount(event))
      const listenersBefore = listeners()
      const claimed = claimStdout()
      process.stdout.write('printed')
      expect(toStderr.mock.calls).toEqual([['printed']])
      claimed.stdout.write('message', () => {})
      expect(toStdout.mock.calls).toEqual([['message', 'utf8', expect.any(Function)]])
      claimed.release()
      claimed.release()
      expect(process.stdout.write).toBe(before)
      expect(listeners()).toEqual(listenersBefore)
    } finally {
      vi.restoreAllMocks()
    }
  })
})
