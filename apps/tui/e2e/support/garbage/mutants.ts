import * as fc from 'fast-check'

import {validParams} from './valid-messages.ts'

/** What a client sends as one message. */
export interface Mutant {
  text: string
  isBinary: boolean
}

type Json = null | boolean | number | string | Json[] | {[key: string]: Json}
type Path = readonly (string | number)[]

/** Stand for arrays in arrays in the encoded message: too deep for `JSON.stringify`, but not for `JSON.parse`. */
const deep = new Map(['500 deep', '20000 deep'].map((name) => [`"${name}"`, arrays(parseInt(name))]))
const texts = [
  '',
  ' ',
  'x',
  '__proto__',
  '\0',
  '\ud800',
  '\udc00\ud800',
  '😀',
  '\u001b[31m',
  '../../etc/passwd',
  '-1',
  'NaN',
  'x'.repeat(50_000),
]
const numbers = [0, -0, -1, 1.5, 1e-300, 1e300, Number.MAX_SAFE_INTEGER, 2 ** 53, -(2 ** 63)]
const nasty = fc.oneof(
  fc.constantFrom<Json>(...texts, ...numbers, null, true, false, [], {}, [[]], '500 deep', '20000 deep'),
  fc.constantFrom(...['__proto__', 'constructor', 'prototype', 'toString'].map((key) => ({[key]: {polluted: true}}))),
  fc.constant<Json>(Array.from({length: 20_000}, () => 0)),
)
/** Of keys, `__proto__` is one that only `JSON.parse` makes. */
const keys = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'then',
  'toJSON',
  'params',
  'session_id',
  '',
  '\0',
)

function arrays(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

function encode(message: Json | undefined): string {
  const text = JSON.stringify(message) ?? ''
  return text.replace(/"\d+ deep"/, (name) => deep.get(name) ?? name)
}

/** Changes one place of a message: its value, its key, or whether it is there. */
function change(message: Json, path: Path, to: (value: Json) => Json | undefined): Json | undefined {
  const [first, ...rest] = path
  if (first === undefined) return to(message)
  if (Array.isArray(message)) {
    return message.flatMap((item, index) => (index === first ? (change(item, rest, to) ?? []) : [item]))
  }
  return Object.fromEntries(
    Object.entries(message as object).flatMap(([key, value]) => {
      const next = key === first ? change(value as Json, rest, to) : (value as Json)
      return next === undefined ? [] : [[key, next]]
    }),
  )
}

function pathsOf(value: Json): Path[] {
  if (typeof value !== 'object' || value === null) return [[]]
  return [
    [],
    ...Object.entries(value).flatMap(([key, item]) =>
      pathsOf(item).map((path) => [Array.isArray(value) ? Number(key) : key, ...path]),
    ),
  ]
}

/** Mutated calls of every method, in which `session_id` may come to harm, and `other_id` will be deleted. */
export function mutants(count: number, seed: number, session_id: string, other_id: string): Mutant[] {
  let id = 0
  const valid = fc
    .constantFrom(...Object.entries(validParams(session_id, other_id)))
    .map(([method, params]) => ({jsonrpc: '2.0', id: ++id, method, params}) as Json)
  const changed = valid.chain((message) =>
    fc.oneof(
      fc.tuple(fc.constantFrom(...pathsOf(message)), nasty).map(([path, value]) => change(message, path, () => value)),
      fc.constantFrom(...pathsOf(message).slice(1)).map((path) => change(message, path, () => undefined)),
      fc.constantFrom(...pathsOf(message)).map((path) => change(message, path, (value) => [value])),
      fc
        .tuple(keys, nasty)
        .map(([key, value]) => change(message, ['params'], (params) => ({...(params as object), [key]: value}))),
      fc.tuple(keys, nasty).map(([key, value]) => ({...(message as object), [key]: value})),
    ),
  )
  const encoded = fc
    .oneof({weight: 6, arbitrary: changed}, {weight: 1, arbitrary: fc.array(valid, {maxLength: 5})})
    .map(encode)
  const torn = fc
    .tuple(
      valid,
      fc.nat(),
      fc.nat({max: 30}),
      fc.oneof(fc.string({maxLength: 5}), fc.constantFrom('1e999', '"', '\\ud800', '{', ']', '\\', ',')),
    )
    .map(([value, at, removed, inserted]) => {
      const text = JSON.stringify(value)
      return text.slice(0, at % text.length) + inserted + text.slice((at % text.length) + removed)
    })
  const mutant = fc.tuple(fc.oneof({weight: 3, arbitrary: encoded}, {weight: 1, arbitrary: torn}), fc.nat({max: 19}))
  return fc.sample(mutant, {numRuns: count, seed}).map(([text, chance]) => ({text, isBinary: chance === 0}))
}
