import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import * as protocol from '../src/index.ts'

const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

// docs/limits.md has the bounds, which are numbers.
test('the README names each export that is no bound', () => {
  const named = new Set(Array.from(page.matchAll(/\w+/g), ([word]) => word))
  const exported = Object.entries(protocol).filter(([, value]) => typeof value !== 'number')
  expect(exported.map(([name]) => name).filter((name) => !named.has(name))).toEqual([])
})
