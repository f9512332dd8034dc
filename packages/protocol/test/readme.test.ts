import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'
import type * as z from 'zod/mini'

import * as protocol from '../src/index.ts'

const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The rows of the table with this heading: its cells, without the heading and the line below it. */
function rowsOf(heading: string): string[][] {
  const rows = page.split('\n\n').find((part) => part.startsWith(heading)) ?? expect.fail(`no table ${heading}`)
  return rows
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** The words of a cell that are code: `a`, `b?`. */
const codeIn = (cell = '') => Array.from(cell.matchAll(/`([^`]+)`/g), ([, word = '']) => word)

/** The keys of an object, as the tables write them. Where `text` and `base64` replace each other, they write no `?`. */
function keysOf(schema: unknown): string[] {
  const {shape} = (schema as z.ZodMiniObject)._zod.def
  return Object.entries(shape)
    .map(([key, value]) => {
      const isOptional = (value as z.ZodMiniType)._zod.optin === 'optional'
      return isOptional && !('base64' in shape && (key === 'text' || key === 'base64')) ? `${key}?` : key
    })
    .toSorted()
}

test('the README lists each method with its params and its result, and no other', () => {
  const rows = rowsOf('| method |').map(([method, params, result]) => [
    ...codeIn(method),
    codeIn(params).toSorted(),
    codeIn(result),
  ])
  const methods = Object.entries(protocol.methods)
  expect(new Set(rows.map(([method]) => method))).toEqual(new Set(methods.map(([method]) => method)))
  for (const [method, schemas] of methods) {
    const [, params, result] = rows.find(([named]) => named === method) ?? []
    expect([method, params]).toEqual([method, keysOf(schemas().params)])
    expect(result, method).toEqual(expect.arrayContaining(keysOf(schemas().result)))
  }
})

test('the README lists each logged event with its payload, and no other', () => {
  const rows = rowsOf('| logged event |').map(([type, payload]) => [codeIn(type)[0], codeIn(payload).toSorted()])
  const events = Object.entries(protocol.eventPayloads).map(([type, schema]) => [type, keysOf(schema())])
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(events))
})

test('the README lists each error code, and no other', () => {
  const rows = rowsOf('| code | name |').map(([code, name]) => [name, Number(code)])
  expect(Object.fromEntries(rows)).toEqual(protocol.errorCodes)
})

// docs/limits.md has the bounds, which are numbers.
test('the README names each export that is no bound', () => {
  const named = new Set(Array.from(page.matchAll(/\w+/g), ([word]) => word))
  const exported = Object.entries(protocol).filter(([, value]) => typeof value !== 'number')
  expect(exported.map(([name]) => name).filter((name) => !named.has(name))).toEqual([])
})
