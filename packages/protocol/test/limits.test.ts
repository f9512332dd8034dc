import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import * as limits from '../src/limits.ts'

const page = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8')

test.each(Object.entries(limits))('docs/limits.md has %s with its value, %i', (name, value) => {
  const before = page.slice(0, page.indexOf(`(\`${name}\`)`))
  // The number is the last one of its cell, behind the name of the limit before it.
  const [, number, unit] = before.slice(-60).match(/.*(?<![\d,])(\d[\d,]*) ?(MiB|KiB)?/s) ?? []
  const factor = unit === 'MiB' ? 1024 * 1024 : unit === 'KiB' ? 1024 : 1
  expect(Number(number?.replaceAll(',', '')) * factor).toBe(value)
})

test('the parts of a state are smaller than the largest one together, and that is smaller than half a message', () => {
  const {maxPromptBytes, maxQueueBytes, maxDraftBytes, maxApprovalBytes, maxPathBytes, maxQueuedPrompts} = limits
  const {maxAgentSettingsBytes} = limits
  // Each of 128 units, each unit of 6 bytes, and the names of the fields.
  const ids = (maxQueuedPrompts + 1) * (128 * 6 + 100)
  const named = maxPromptBytes + maxQueueBytes + maxDraftBytes + maxApprovalBytes + maxAgentSettingsBytes
  const parts = named + 2 * 6 * maxPathBytes + ids
  expect(parts).toBeLessThan(limits.maxStateBytes)
  expect(limits.maxStateBytes).toBeLessThan(limits.maxMessageBytes / 2)
})
