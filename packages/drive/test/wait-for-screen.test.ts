import {RpcError, type Client} from '@holdfast/client'
import {errorCodes, type ScreenSnapshot} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {readOutcome, waitForScreen, type ScreenCondition} from '../src/index.ts'

/** A snapshot with these rows at a time, ms; `undefined`: nothing runs. A row that ends with `\` goes on in the next one. */
type Step = {at: number; rows: readonly string[] | undefined; promptId?: string}

/** A host whose program prints this, and the clock of it. */
function hostWith(steps: readonly Step[]) {
  let now = 0
  const asked: (number | undefined)[] = []
  const current = () => steps.findLastIndex(({at}) => at <= now)
  const request = async (_method: string, {after, wait_ms}: {after?: number; wait_ms?: number}) => {
    asked.push(wait_ms)
    if (after === current()) now = Math.min(now + (wait_ms ?? 0), steps[current() + 1]?.at ?? Infinity)
    const {rows, promptId = 'p'} = steps[current()]!
    if (rows === undefined) throw new RpcError(errorCodes.notAllowed, 'No program is running')
    const lines = rows.map((row) => ({
      spans: [{text: row.replace(/\\$/, ''), cells: row.length}],
      ...(row.endsWith('\\') && {is_wrapped: true}),
    }))
    const cursor = {row: 0, col: rows[0]?.length ?? 0, is_visible: true}
    return {prompt_id: promptId, version: current(), cols: 8, cursor, lines} as unknown as ScreenSnapshot
  }
  return {
    asked,
    wait: async (condition: ScreenCondition, timeoutMs = 60_000, after?: number) => {
      const client = {request} as unknown as Pick<Client, 'request'>
      return [await waitForScreen(client, 's', condition, {timeoutMs, after, now: () => now}), now]
    },
  }
}

const printing = [
  {at: 0, rows: ['one']},
  {at: 100, rows: ['one', 'two']},
  {at: 250, rows: ['one', 'a long \\', 'line']},
  {at: 400, rows: ['one', 'a long \\', 'line']},
  {at: 30_000, rows: undefined},
]

test.each<[ScreenCondition, [string, number]]>([
  [{text: 'one'}, ['met', 0]],
  [{text: 'two'}, ['met', 100]],
  [{text: 'long line'}, ['met', 250]],
  [{text: 'two '}, ['met', 100]],
  [{text: 'long  '}, ['ended', 30_000]],
  [{text: 'never'}, ['ended', 30_000]],
  [{regex: /^two$/m}, ['met', 100]],
  [{cursor: {row: 0, col: 3}}, ['met', 0]],
  [{idleMs: 120}, ['met', 220]],
  [{idleMs: 1000}, ['met', 1400]],
  [{stableMs: 1000}, ['met', 1250]],
  [{exit: true}, ['met', 30_000]],
])('%o is met at its time', async (condition, end) => {
  expect(await hostWith(printing).wait(condition)).toEqual(end)
})

test.each<[ScreenCondition, [string, number]]>([
  [{text: 'one'}, ['met', 100]],
  [{regex: /^one$/m}, ['met', 100]],
  [{cursor: {row: 0, col: 3}}, ['met', 100]],
  [{idleMs: 50}, ['met', 50]],
  [{exit: true}, ['met', 30_000]],
])('%o after an input is met by what was printed since', async (condition, end) => {
  expect(await hostWith(printing).wait(condition, 60_000, 0)).toEqual(end)
})

test('a wait has an end, and asks the host again after its longest wait', async () => {
  const host = hostWith([{at: 0, rows: ['quiet']}])
  expect(await host.wait({text: 'never'}, 45_000)).toEqual(['timeout', 45_000])
  expect(host.asked).toEqual([undefined, 20_000, 20_000, 5000])
})

test('the next program is another one', async () => {
  const next = [
    {at: 0, rows: ['one']},
    {at: 10, rows: ['two'], promptId: 'next'},
  ]
  expect(await hostWith(next).wait({text: 'two'})).toEqual(['ended', 10])
  expect(await hostWith(next).wait({exit: true})).toEqual(['met', 10])
  expect(await hostWith([{at: 0, rows: undefined}]).wait({exit: true})).toEqual(['met', 0])
})

test('the outcome is that of the program that was waited for, whatever has ended since', async () => {
  const asked: unknown[] = []
  const end = (seq: number, prompt_id: string, exit_code: number) => ({
    type: 'message.complete',
    session_id: '0123456789',
    seq,
    at: 1,
    payload: {prompt_id, status: 'complete', exit_code},
  })
  const request = async (method: string, params: unknown) => {
    if (method === 'session.events') return {events: [end(4, 'p', 3), end(9, 'queued', 0)], latest_seq: 9}
    asked.push(params)
    if (asked.length > 1) throw new RpcError(errorCodes.notAllowed, 'No program is running')
    return {prompt_id: 'p', version: 0, cols: 8, cursor: {row: 0, col: 0, is_visible: true}, lines: []}
  }
  const client = {request} as unknown as Pick<Client, 'request'>
  let program: string | undefined
  const onProgram = (promptId: string) => (program = promptId)
  expect(await waitForScreen(client, 's', {exit: true}, {timeoutMs: 1000, onProgram})).toBe('met')
  expect((await readOutcome(client, 's', program))?.payload).toMatchObject({prompt_id: 'p', exit_code: 3})
  expect(await readOutcome(client, 's', 'unknown')).toBeUndefined()
})
