import {spawn} from 'node:child_process'
import {type JsonRpcMessage, type Transport} from '@holdfast/rpc'
import {testTransport} from '@holdfast/rpc/test'
import {describe, expect, test} from 'vitest'
import {createChildTransport, createProcessTransport} from '../src/stdio.ts'
import {start, startFixture} from './fixtures/start.ts'

/** Both ends in this process, connected by the pipes of two real processes. */
function openPair(): [parent: Transport, child: Transport] {
  const [there, back] = [start('cat', []), start('cat', [])]
  const near = createChildTransport({stdin: there.stdin, stdout: back.stdout, exited: back.exited})
  const far = createProcessTransport({stdin: there.stdout, stdout: back.stdin})
  return [near, far]
}

/** For tests of an exit: on a busy machine, it may come long after the end of stdout. */
const patient = {graceMs: 20_000}

testTransport('stdio', openPair)
testTransport('stdio, from the child,', () => openPair().toReversed() as [Transport, Transport])

describe('createChildTransport with the result of spawn', () => {
  test('closes with the exit code and the last lines of stderr', async () => {
    const child = spawn('sh', ['-c', `cat; printf 'one\\ntwo\\n\\nthree\\nfour' >&2; exit 3`])
    const transport = createChildTransport(child, patient)
    const messages = collect(transport)
    transport.write(event({n: 1}))
    expect(await messages.take(1)).toEqual([event({n: 1})])
    child.stdin.end()
    const facts = {code: 3, stderr: ['two', 'three', 'four']}
    expect(await transport.closed).toEqual({by: 'peer', message: 'its process exited with code 3', ...facts})
    // Also if the child exited before.
    const later = createChildTransport(child)
    later.listen({message: () => {}})
    expect(await later.closed).toMatchObject({by: 'peer', code: 3})
  })

  test('reads stderr, so that a child with much output does not block', async () => {
    const child = spawn('sh', ['-c', `head -c 1000000 /dev/zero >&2; echo '{"n":1}'; kill -9 $$`])
    const transport = createChildTransport(child, patient)
    expect(await collect(transport).take(1)).toEqual([{n: 1}])
    expect(await transport.closed).toMatchObject({signal: 'SIGKILL'})
  })

  test('shows no secret of stderr, even one that is cut in two', async () => {
    const line = `${'ü'.repeat(80)} api_key=abcdefgh Bearer ${'S3cret'.repeat(60)} `
    const child = spawn('sh', ['-c', 'cat >&2'])
    const transport = createChildTransport(child, patient)
    collect(transport)
    child.stdin.end(line.repeat(200))
    const {stderr = []} = await transport.closed
    expect(stderr.join()).toMatch(/ api_key=\*\*\* Bearer \*\*\* $/)
    expect(stderr.join()).not.toMatch(/abcdefgh|S3cret|\uFFFD/)
  })

  test('reports the error of a Node program, not its stack', async () => {
    const transport = createChildTransport(
      spawn(process.execPath, ['-e', 'throw new Error("the disk is full")']),
      patient,
    )
    collect(transport)
    expect(await transport.closed).toMatchObject({code: 1, stderr: ['Error: the disk is full']})
  })

  test('closes for a child that cannot be started, and throws for one without pipes', async () => {
    const transport = createChildTransport(spawn('/nowhere/to/be/found'))
    collect(transport)
    expect(await transport.closed).toMatchObject({by: 'peer', errno: 'ENOENT'})
    const child = spawn('true', {stdio: 'ignore'})
    expect(() => createChildTransport(child)).toThrow('Expected a child whose stdin and stdout are pipes')
  })
})

describe('a real child', () => {
  test('echoes over its stdin and stdout, and exits when its stdin ends', async () => {
    const peer = startFixture('echo-peer.ts')
    const transport = createChildTransport(peer)
    const messages = collect(transport)
    const big = event({text: 'é'.repeat(1_000_000)})
    transport.write(event({n: 1}))
    transport.write(big)
    expect(await messages.take(2)).toEqual([event({n: 1}), big])
    await transport.close()
    await peer.saw('closed by peer')
    expect(await peer.exited).toMatchObject({code: 0})
    expect(await transport.closed).toMatchObject({by: 'us'})
  })

  test('answers messages that it got before its stdin ended', async () => {
    const peer = startFixture('echo-peer.ts')
    const text = 'x'.repeat(100_000)
    const transport = createChildTransport(peer, patient)
    const messages = collect(transport)
    const lines = Array.from({length: 50}, (_, n) => JSON.stringify(event({n, text})))
    peer.stdin.end(lines.join('\n'))
    const echoed = await messages.take(50)
    expect(echoed).toEqual(Array.from({length: 50}, (_, n) => event({n, text})))
    expect(await transport.closed).toMatchObject({by: 'peer', code: 0})
  })

  test('loses no message that it wrote just before it exited', async () => {
    const transport = createChildTransport(startFixture('farewell-peer.ts'), patient)
    const messages = collect(transport)
    const text = 'x'.repeat(10_000)
    transport.write(event({count: 200, text}))
    expect(await messages.take(200)).toHaveLength(200)
    expect(await transport.closed).toEqual({by: 'peer', message: 'its process exited with code 7', code: 7})
  })

  test('loses no message if it exited before listen', async () => {
    const peer = start('sh', ['-c', `echo '{"n":1}'; echo '{"n":2}'; exit 3`])
    const transport = createChildTransport(peer, patient)
    await peer.exited
    // By then, Node would have discarded a pipe without a reader.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    const messages = collect(transport)
    expect(await messages.take(2)).toEqual([{n: 1}, {n: 2}])
    expect(await transport.closed).toMatchObject({code: 3})
  })

  test('that is killed closes the transport with the signal and the last lines of stderr', async () => {
    const peer = start('sh', ['-c', 'for n in 1 2 3 4; do echo "line $n" >&2; done; exec cat >&2'])
    const transport = createChildTransport(peer, patient)
    collect(transport)
    await peer.saw('line 4')
    peer.child.kill('SIGKILL')
    const reason = await transport.closed
    expect(reason).toMatchObject({by: 'peer', signal: 'SIGKILL', stderr: ['line 2', 'line 3', 'line 4']})
    expect(reason.message).toBe('its process was killed by SIGKILL')
    expect(transport.write(event({}))).toBe(false)
    await transport.close()
  })

  test('closes the transport when it exits, after its messages, even if a grandchild keeps the pipe open', async () => {
    const peer = start('sh', ['-c', `sleep 60 & echo '{"grandchild":'$!'}'; exit 3`])
    const transport = createChildTransport(peer, {graceMs: 100})
    const messages = collect(transport)
    const [{grandchild}] = (await messages.take(1)) as [{grandchild: number}]
    expect(await transport.closed).toEqual({by: 'peer', message: 'its process exited with code 3', code: 3})
    expect(process.kill(grandchild, 'SIGKILL')).toBe(true)
  })

  test('that ends its stdout is gone, even if it runs on', async () => {
    const peer = start('sh', ['-c', 'exec 1>&-; exec cat >&2'])
    const transport = createChildTransport(peer, {graceMs: 20})
    collect(transport)
    expect(await transport.closed).toEqual({by: 'peer', message: 'it ended the stream'})
    expect(peer.child.exitCode).toBe(null)
    peer.child.kill('SIGKILL')
    await peer.exited
  })

  test('that ends its stdin is gone at the next write', async () => {
    const peer = start('sh', ['-c', `exec 0<&-; echo '{}'; exec sleep 60`])
    const transport = createChildTransport(peer, {graceMs: 20})
    await collect(transport).take(1)
    transport.write(event({}))
    expect(await transport.closed).toMatchObject({by: 'peer', errno: 'EPIPE'})
    peer.child.kill('SIGKILL')
    await peer.exited
  })

  test('that cannot be started closes the transport with the reason', async () => {
    const transport = createChildTransport(start('/nowhere/to/be/found', []))
    collect(transport)
    expect(await transport.closed).toMatchObject({
      by: 'peer',
      message: expect.stringMatching(/^its process could not be started: .*ENOENT/),
      errno: 'ENOENT',
    })
  })

  test('that reads nothing fills the write queue up to its bound', async () => {
    const peer = start('sh', ['-c', 'exec sleep 60'])
    const transport = createChildTransport(peer, {maxQueuedBytes: 8 * 1024 * 1024})
    collect(transport)
    const message = event({text: 'x'.repeat(100_000)})
    const flood = () => {
      for (let n = 0; n < 1000; n++) transport.write(message)
    }
    expect(flood).toThrow(expect.objectContaining({code: 'overflow'}))
    expect(transport.queuedBytes).toBeLessThanOrEqual(8 * 1024 * 1024)
    expect(transport.queuedBytes).toBeGreaterThan(7 * 1024 * 1024)
    await transport.close('enough', {deadlineMs: 20})
    expect(await transport.closed).toMatchObject({by: 'us', message: 'enough'})
    await transport.drained()
    peer.child.kill('SIGKILL')
    await peer.exited
  })

  test('loses no message if this process was suspended for longer than `graceMs`', async () => {
    const cat = start('cat', [])
    const exited = Promise.withResolvers<Awaited<typeof cat.exited>>()
    const transport = createChildTransport({...cat, exited: exited.promise}, {graceMs: 50})
    const messages = collect(transport)
    cat.stdin.write('{"n":1}\n')
    await messages.take(1)
    exited.resolve({code: 0, signal: null, stderr: []})
    await exited.promise
    cat.stdin.write('{"n":2}\n')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    expect(await messages.take(2)).toEqual([{n: 1}, {n: 2}])
    await transport.closed
  })
})

function event(params: Record<string, unknown>): JsonRpcMessage {
  return {jsonrpc: '2.0', method: 'event', params}
}

function collect(transport: Transport) {
  const messages: unknown[] = []
  let wake = () => {}
  transport.listen({
    message(message) {
      messages.push(message)
      wake()
    },
  })
  return {
    take(count: number): Promise<unknown[]> {
      return new Promise((resolve, reject) => {
        wake = () => messages.length >= count && resolve(messages)
        wake()
        void transport.closed.then((reason) =>
          reject(new Error(`Expected ${count} messages, got ${messages.length}`, {cause: reason})),
        )
      })
    },
  }
}
