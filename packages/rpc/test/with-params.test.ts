import {setImmediate as turn} from 'node:timers/promises'
import {expect, expectTypeOf, test} from 'vitest'
import * as z from 'zod'
import {createConnection, createMemoryPair, type StandardSchema, withParams} from '../src/index.ts'

const person = z.object({name: z.string().min(1), tags: z.array(z.string()).default([])})

/** A schema that validates asynchronously. */
const later: StandardSchema<unknown, number> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: async (value) =>
      typeof value === 'object' ? {value: 42} : {issues: [{message: 'Expected an object', path: [{key: 'a'}, 0]}]},
  },
}

function connect() {
  const [nearEnd, farEnd] = createMemoryPair()
  const far = createConnection(farEnd, {
    handlers: {
      greet: withParams(person, ({name, tags}, {requestId}) => `Hello ${name}, ${tags.length}, ${String(requestId)}`),
      count: withParams(later, async (n) => n),
    },
  })
  return {near: createConnection(nearEnd), far}
}

test('a handler gets the output of its schema', async () => {
  const {near} = connect()
  expect(await near.request('greet', {name: 'Ada', more: true})).toBe('Hello Ada, 0, 1')
  expect(await near.request('count', {})).toBe(42)
})

test('answers params that do not match with -32602 and the issues, without a call of the handler', async () => {
  const {near, far} = connect()
  await expect(near.request('greet', {name: '', tags: [1]})).rejects.toMatchObject({
    code: -32602,
    message: expect.stringMatching(/^Invalid params: .* at `name`; .* at `tags.0`$/),
    data: {issues: [{path: ['name']}, {path: ['tags', '0']}]},
  })
  await expect(near.request('count')).rejects.toMatchObject({
    code: -32602,
    data: {issues: [{message: 'Expected an object', path: ['a', '0']}]},
  })
  expect(far.counters.faults).toBe(0)
})

test('reports a notification that does not match as a fault, without a call of the subscriber', async () => {
  const {near, far} = connect()
  const names: string[] = []
  near.subscribe(
    'joined',
    withParams(person, ({name}) => names.push(name)),
  )
  far.notify('joined', {name: 1})
  far.notify('joined', {name: 'Ada'})
  await turn()
  expect(names).toEqual(['Ada'])
  expect(near.counters.faults).toBe(1)
})

test('validates and types a result if the caller passes a schema', async () => {
  const {near} = connect()
  const greeting = await near.request('greet', {name: 'Ada'}, {result: z.string().transform((text) => text.length)})
  expectTypeOf(greeting).toEqualTypeOf<number>()
  expect(greeting).toBe(15)
  await expect(near.request('greet', {name: 'Ada'}, {result: later})).rejects.toMatchObject({
    name: 'SchemaError',
    code: 'schema-mismatch',
    message: 'The result of `greet` does not match its schema: Expected an object at `a.0`',
    issues: [{message: 'Expected an object'}],
  })
})
