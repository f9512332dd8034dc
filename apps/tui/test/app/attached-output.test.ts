import {setImmediate as turn} from 'node:timers/promises'

import type {LoggedEvent} from '@holdfast/protocol'
import {createNormalScreen} from '@holdfast/terminal'
import xterm from '@xterm/headless'
import * as fc from 'fast-check'
import {expect, test} from 'vitest'

import {createAttachedOutput, type AttachedOutput} from '../../src/app/attaching/attached-output.ts'
import {createScreenSurroundings} from '../../src/app/attaching/screen-surroundings.ts'
import {createTranscript} from '../../src/ui/create-transcript.ts'
import {clearedScreen} from '../../src/ui/transcript.ts'
import {plainPaint} from '../fixtures/plain-paint.ts'

const size = {cols: 40, rows: 12}
const prompt_id = 'prompt'

type Message = (client: Client) => void

/** A host with a program: its log, and the terminal that is attached. */
function createHost() {
  const normal = createNormalScreen()
  let unlogged: Uint8Array[] = []
  const log: LoggedEvent[] = []
  let attached: {id: string; connection: Message[]} | undefined
  /** The connection that gets the events of the log. */
  let watcher: Message[] = []

  const append = (event: {type: string; payload: object}) => {
    const logged = {...event, session_id: 'session', seq: log.length + 1, at: 0} as LoggedEvent
    log.push(logged)
    watcher.push((client) => client.takeEvent(logged))
  }
  const flush = () => {
    if (unlogged.length === 0) return
    const text = Buffer.concat(unlogged).toString()
    unlogged = []
    append({type: 'message.delta', payload: {prompt_id, text}})
  }
  const end = (reason: string) => {
    if (attached === undefined) return
    const {id} = attached
    attached = undefined
    flush()
    append({type: 'attach.end', payload: {prompt_id, attach_id: id, reason, duration_ms: 0}})
  }
  const output = (data: string) => {
    const id = attached?.id
    attached?.connection.push((client) => client.takeOutput(id ?? '', Buffer.from(data)))
  }
  append({type: 'message.start', payload: {prompt_id, text: 'program', cwd: '/'}})

  return {
    flush,
    end,
    print(text: string) {
      unlogged.push(normal.read(Buffer.from(text)))
      output(text)
    },
    resume(connection: Message[], afterSeq: number) {
      watcher = connection
      for (const event of log.slice(afterSeq)) connection.push((client) => client.takeEvent(event))
    },
    attach(id: string, connection: Message[]) {
      end('taken-over')
      flush()
      append({type: 'attach.start', payload: {prompt_id, attach_id: id}})
      attached = {id, connection}
      output(normal.isAlternate ? '\x1b[?1049h' : '')
    },
    complete() {
      flush()
      end('program-ended')
      append({type: 'message.complete', payload: {prompt_id, status: 'complete', exit_code: 0}})
    },
  }
}

type Client = ReturnType<typeof createClient>

/** The screen of a client, on a terminal. */
function createClient() {
  const terminal = new xterm.Terminal({...size, scrollback: 10_000, allowProposedApi: true})
  const transcript = createTranscript({size, depth: 24, paint: () => plainPaint, onChange() {}})
  const write = (data: string | Uint8Array) => terminal.write(data)
  const writeLines = () =>
    transcript
      .takeLines()
      .filter((line) => line !== clearedScreen)
      .forEach((line) => write(`${line}\r\n`))
  let seq = 0
  let ids = 0
  let current: {id: string; end(isLost: boolean): Promise<void>; output: AttachedOutput} | undefined

  return {
    get seq() {
      return seq
    },
    takeEvent(event: LoggedEvent) {
      seq = event.seq
      transcript.takeEvent(event, undefined)
    },
    takeOutput(id: string, data: Uint8Array) {
      if (current?.id === id) void current.output.take(data, {isRepaint: false})
    },
    /** Attaches, or attaches again after a lost connection. Returns the id. */
    attach(): string {
      const id = `attachment ${++ids}`
      if (current === undefined) {
        const model = {handOver: transcript.handOver, takeBack: transcript.takeBack, resize() {}}
        const surroundings = createScreenSurroundings(model, {writeLines})
        const requestRepaint = () => expect.unreachable('all output is known')
        const output = createAttachedOutput({...surroundings, write, paint: write, requestRepaint})
        const end = async (isLost: boolean) => {
          write(await surroundings.end({isLost}))
          output.close()
          current = undefined
        }
        current = {id, end, output}
      }
      current.id = id
      current.output.start(id)
      return id
    },
    /** The host has detached the terminal, or (`isLost`) nobody knows. */
    detach: async (isLost: boolean) => await current?.end(isLost),
    writeLines,
    async lines(): Promise<string[]> {
      await transcript.settled
      writeLines()
      return await linesOf(terminal)
    },
  }
}

async function linesOf(terminal: xterm.Terminal): Promise<string[]> {
  await new Promise<void>((resolve) => terminal.write('', resolve))
  const {normal} = terminal.buffer
  const rows = Array.from({length: normal.length}, (_, row) => normal.getLine(row)?.translateToString(true) ?? '')
  return rows.filter((row) => row !== '')
}

type Step =
  | {type: 'print' | 'deliver'; count: number}
  | {type: 'progress' | 'frame' | 'flush' | 'turn' | 'kill' | 'attach' | 'draw'}
  | {type: 'detach'; isLost: boolean}

const step: fc.Arbitrary<Step> = fc.oneof(
  {weight: 8, arbitrary: fc.record({type: fc.constant('print'), count: fc.integer({min: 1, max: 15})})},
  {weight: 8, arbitrary: fc.record({type: fc.constant('deliver'), count: fc.integer({min: 1, max: 8})})},
  {weight: 4, arbitrary: fc.record({type: fc.constantFrom('flush', 'turn', 'draw')})},
  {weight: 2, arbitrary: fc.record({type: fc.constantFrom('progress', 'frame')})},
  {weight: 2, arbitrary: fc.record({type: fc.constantFrom('kill', 'attach')})},
  {weight: 1, arbitrary: fc.record({type: fc.constant('detach'), isLost: fc.boolean()})},
)

test('each line is on the terminal once, in order, wherever connections are lost, and terminals attached and detached', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, {minLength: 5, maxLength: 60}), async (steps) => {
      const host = createHost()
      const client = createClient()
      const bare = new xterm.Terminal({...size, scrollback: 10_000, allowProposedApi: true})
      let connection: Message[] = []
      let line = 100
      let isAttached = false
      host.resume(connection, 0)

      const deliver = (count: number) => connection.splice(0, count).forEach((message) => message(client))
      const print = (text: string) => {
        bare.write(text)
        host.print(text)
      }
      /** Another gateway: what the one before it has not delivered of the attachment is lost. */
      const reconnect = () => {
        connection = []
        host.end('client-gone')
        host.resume(connection, client.seq)
        if (isAttached) host.attach(client.attach(), connection)
      }
      const detach = async (isLost: boolean) => {
        isAttached = false
        if (!isLost) {
          host.end('detached')
          deliver(Infinity)
        }
        const detached = client.detach(isLost)
        for (let count = 0; isLost && count < 3; count++) {
          deliver(1)
          await turn()
        }
        await detached
        if (isLost) reconnect()
      }
      for (const at of steps) {
        if (at.type === 'print') for (let count = 0; count < at.count; count++) print(`line ${line++}\r\n`)
        if (at.type === 'progress') print(`one ${line}\r\ntwo\r\n\x1b[2Athree ${line}\r\nfour ${line++}\r\n`)
        if (at.type === 'frame') print(`\x1b[?1049h\x1b[Hframe\x1b[?1049l`)
        if (at.type === 'flush') host.flush()
        if (at.type === 'deliver') deliver(at.count)
        if (at.type === 'turn') await turn()
        if (at.type === 'draw' && !isAttached) client.writeLines()
        if (at.type === 'kill') reconnect()
        if (at.type === 'attach' && !isAttached) {
          isAttached = true
          host.attach(client.attach(), connection)
        }
        if (at.type === 'detach' && isAttached) await detach(at.isLost)
      }
      if (isAttached) await detach(false)
      host.complete()
      deliver(Infinity)
      expect((await client.lines()).filter((row) => !/^[❯✓]/.test(row))).toEqual(await linesOf(bare))
    }),
    {numRuns: 200},
  )
})
