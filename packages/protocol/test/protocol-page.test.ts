import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {ephemeralEventSchemas} from '../src/ephemeral-events.ts'
import {helloSchema} from '../src/hello.ts'
import * as protocol from '../src/index.ts'
import {notationOf} from './wire-notation.ts'

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')

/** The code blocks of a language. */
const blocks = (language: string) =>
  Array.from(page.matchAll(/^```(\w+)\n(.*?)^```$/gms), ([, name, code = '']) => ({name, code}))
    .filter(({name}) => name === language)
    .map(({code}) => code)

/** What the `wire` blocks define: types by name, and methods. A line that is indented goes on with the one before. */
const definitions = blocks('wire')
  .flatMap((code) => code.trim().split(/\n(?! )/))
  .map((definition) => definition.replaceAll(/\s+/g, ' '))

const types = new Map(
  definitions.flatMap((definition) => {
    const [, name, type] = /^([A-Z]\w*) = (.*)$/.exec(definition) ?? []
    return name === undefined || type === undefined ? [] : [[name, type] as const]
  }),
)

/** A type of the page with all names replaced by what they stand for. */
function expand(type: string): string {
  return type.replaceAll(/\b[A-Z]\w*\b/g, (name) => {
    const meant = types.get(name)
    return meant === undefined ? name : expand(meant)
  })
}

/** The rows of the table whose first column has this heading: its cells. */
function rowsOf(heading: string): string[][] {
  const [, rows = ''] = page.split(`\n| ${heading} |`)[1]?.match(/^.*\n.*\n((?:\|.*\n)+)/) ?? []
  const cells = rows.trim().split('\n')
  expect(cells.length, heading).toBeGreaterThan(1)
  return cells.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  )
}

/** Type and payload of each event of a table. */
const eventsOf = (heading: string) =>
  rowsOf(heading).map(([type = '', payload = '']) => [type.replaceAll('`', ''), expand(payload.replaceAll('`', ''))])

test('the page has each method with its params and its result, and no other', () => {
  const onPage = definitions.flatMap((definition) => {
    const [, method, params = '', result = ''] = /^([a-z.-]+) (.*) -> (.*)$/.exec(definition) ?? []
    return method === undefined ? [] : [[method, [expand(params), expand(result)]]]
  })
  const methods = Object.entries(protocol.methods).map(([method, schemas]) => {
    const {params, result} = schemas()
    return [method, [notationOf(params, 'input'), notationOf(result, 'output')]]
  })
  expect(Object.fromEntries(onPage)).toEqual(Object.fromEntries(methods))
})

test('each definition of the page is a type or a method', () => {
  expect(definitions.filter((definition) => !/^(?:[A-Z]\w* = |[a-z.-]+ \{.* -> )/.test(definition))).toEqual([])
})

test('the page has each logged event with its payload, and no other', () => {
  const events = Object.entries(protocol.eventPayloads).map(([type, schema]) => [type, notationOf(schema(), 'output')])
  expect(Object.fromEntries(eventsOf('logged event'))).toEqual(Object.fromEntries(events))
})

test('the page has each ephemeral event with its payload, and no other', () => {
  const ofGateway = ['gateway.ready', 'gateway.refused']
  const onPage = eventsOf('ephemeral event').map(([type = '', payload = '']) => {
    const session = ofGateway.includes(type) ? '' : ', session_id: string'
    return [type, `{type: "${type}"${session}${payload === '' ? '' : `, payload: ${payload}`}}`]
  })
  const events = Object.entries(ephemeralEventSchemas).map(([type, schema]) => [type, notationOf(schema(), 'output')])
  expect(Object.fromEntries(onPage)).toEqual(Object.fromEntries(events))
})

test('the page has what a client says of itself', () => {
  expect(expand('Hello')).toBe(notationOf(helloSchema(), 'output'))
})

test('the page has what a client may call that may only look', () => {
  const [, list = ''] = /There remain\n\n((?: {4}.*\n)+)/.exec(page) ?? []
  expect(list.trim().split(/\s+/).sort()).toEqual(Object.keys(protocol.methods).filter(protocol.onlyReads).sort())
})

test('the page has each error code, and no other', () => {
  const rows = rowsOf('code | name').map(([code, name]) => [name, Number(code)])
  expect(Object.fromEntries(rows)).toEqual(protocol.errorCodes)
})

test('the page has the version of the protocol', () => {
  expect(page).toContain(`This is version ${protocol.protocolVersion} of the protocol.`)
})

test('each message of the session on the wire is valid', () => {
  const lines = blocks('jsonl').flatMap((code) => code.trim().split('\n'))
  const asked = new Map<unknown, protocol.Method>()
  for (const line of lines) {
    const {id, method, params, result} = JSON.parse(line.slice(2)) as Record<string, unknown>
    if (line.startsWith('>')) {
      expect(protocol.parseParams(method as protocol.Method, params)).toEqual(params)
      asked.set(id, method as protocol.Method)
    } else if (method === 'event') expect(protocol.parseEvent(params)).toMatchObject(params as object)
    else if (result !== undefined) protocol.parseResult(asked.get(id)!, result)
  }
  expect(asked.size).toBeGreaterThan(3)
})
