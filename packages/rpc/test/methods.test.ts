import {expect, expectTypeOf, test} from 'vitest'
import * as z from 'zod'
import {createConnection, createMemoryPair, type Connection, type Handlers, withParams} from '../src/index.ts'

/** Methods of the server. */
interface Greeter {
  greet(params: {name: string}): string
  count(params?: {from: number}): Promise<number>
  ping(): string
  leave(params: {name: string}): void
}

/** Methods of the client. */
interface Guest {
  ask(params: {question: string}): string
  joined(params: {names: string[]}): void
}

const handlers: Handlers<Greeter, Guest> = {
  greet: async ({name}, {peer}) => `Hello ${name}, ${await peer.request('ask', {question: 'title?'})}`,
  count: (params) => (params?.from ?? 0) + 1,
  ping: () => 'pong',
}

function connect() {
  const [nearEnd, farEnd] = createMemoryPair()
  const far = createConnection<Greeter, Guest>(farEnd, {handlers})
  const near = createConnection<Guest, Greeter>(nearEnd, {
    handlers: {ask: withParams(z.object({question: z.string()}), ({question}) => `no ${question}`)},
  })
  return {near, far}
}

test('declared methods type requests, results and handlers', async () => {
  const {near} = connect()
  const greeting = await near.request('greet', {name: 'Ada'}, {timeoutMs: 1000})
  expectTypeOf(greeting).toEqualTypeOf<string>()
  expect(greeting).toBe('Hello Ada, no title?')
  expectTypeOf(await near.request('count')).toEqualTypeOf<number>()
  expect(await near.request('count', {from: 41})).toBe(42)
  expect(await near.request('ping', undefined, {timeoutMs: 1000})).toBe('pong')
})

test('declared methods type notifications, subscribers and their options', async () => {
  const {near, far} = connect()
  const received: string[][] = []
  near.subscribe('joined', ({names}) => received.push(names), {
    merge: (older, newer) => ({names: [...older.names, ...newer.names]}),
    keep: ({names}) => names.length > 1,
  })
  far.notify('joined', {names: ['Ada']})
  expect(near.notify('leave', {name: 'Ada'})).toBe(true)
  await near.request('ping', undefined, {lane: 'one', notifications: {joined: ({names}) => received.push(names)}})
  expect(received).toEqual([['Ada'], ['Ada']])
})

test('calls that do not match the declaration do not compile', () => {
  const {near} = connect()
  const [end] = createMemoryPair()
  const wrong = [
    // @ts-expect-error -- not declared
    () => near.request('greed', {name: 'Ada'}),
    // @ts-expect-error -- no params
    () => near.request('greet'),
    // @ts-expect-error -- wrong params
    () => near.request('greet', {name: 1}),
    // @ts-expect-error -- no params
    () => near.notify('leave'),
    // @ts-expect-error -- a method of the other side
    () => near.subscribe('leave', () => {}),
    // @ts-expect-error -- wrong result
    () => createConnection<Greeter>(end, {handlers: {ping: () => 1}}),
    // @ts-expect-error -- not declared
    () => createConnection<Greeter>(end, {handlers: {pong: () => 'ping'}}),
    // @ts-expect-error -- without a declaration, params are unknown
    () => createConnection(end, {handlers: {greet: ({name}: {name: string}) => name}}),
  ]
  expect(wrong).toHaveLength(8)
})

test('without a declaration, every method is allowed, and params and results are unknown', async () => {
  const [nearEnd, farEnd] = createMemoryPair()
  createConnection(farEnd, {handlers: {echo: (params, {requestId}) => [params, requestId]}})
  const near: Connection = createConnection(nearEnd)
  const result = await near.request('echo', {any: 'thing'})
  expectTypeOf(result).toEqualTypeOf<unknown>()
  expect(result).toEqual([{any: 'thing'}, 1])
})
