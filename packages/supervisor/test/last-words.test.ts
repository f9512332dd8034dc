import {join} from 'node:path'

import {afterEach, expect, test} from 'vitest'

import {recognize} from '../src/child/last-words.ts'
import {killFixtures, startFixture} from './fixtures/start-fixture.ts'

afterEach(killFixtures)

test('knows what a process says whose heap is exhausted', async () => {
  const script = join(import.meta.dirname, 'fixtures', 'exhaust-heap.ts')
  const child = startFixture('', [], {args: ['--max-old-space-size=32', script]})
  expect(await child.exited).toMatchObject({signal: 'SIGABRT'})
  expect(recognize(child.stderrTail())).toBe('heap-exhausted')
})

test.each(['import', 'require'])('knows what a process says that misses a module (%s)', async (how) => {
  const code = how === 'import' ? 'import "./gone.js"' : 'require("./gone.js")'
  const child = startFixture('', [], {args: [`--input-type=${how === 'import' ? 'module' : 'commonjs'}`, '-e', code]})
  expect(await child.exited).toMatchObject({code: 1})
  expect(recognize(child.stderrTail())).toBe('module-missing')
})

test('makes nothing of other words', () => {
  expect(recognize('Error: out of luck')).toBeUndefined()
  expect(recognize('')).toBeUndefined()
})
