import {join} from 'node:path'

import {afterEach, expect, test} from 'vitest'

import {findCrashMessage} from '../src/child/find-crash-message.ts'
import {killFixtures, startFixture} from './fixtures/start-fixture.ts'

afterEach(killFixtures)

test('recognizes an exhausted heap', async () => {
  const script = join(import.meta.dirname, 'fixtures', 'exhaust-heap.ts')
  const child = startFixture('', [], {args: ['--max-old-space-size=32', script]})
  expect(await child.exited).toMatchObject({signal: 'SIGABRT'})
  expect(findCrashMessage(child.stderrTail())).toBe('heap-exhausted')
})

test.each(['import', 'require'])('recognizes a missing module (%s)', async (how) => {
  const code = how === 'import' ? 'import "./gone.js"' : 'require("./gone.js")'
  const child = startFixture('', [], {args: [`--input-type=${how === 'import' ? 'module' : 'commonjs'}`, '-e', code]})
  expect(await child.exited).toMatchObject({code: 1})
  expect(findCrashMessage(child.stderrTail())).toBe('module-missing')
})

test('recognizes nothing else', () => {
  expect(findCrashMessage('Error: out of luck')).toBeUndefined()
  expect(findCrashMessage('')).toBeUndefined()
})
