import {getEventListeners} from 'node:events'

import type {Client} from '@holdfast/client'
import {expect, test} from 'vitest'

import {readBatch, runBatch} from '../src/index.ts'

test('a batch leaves nothing at a signal that lives on', async () => {
  const {signal} = new AbortController()
  const client = {request: async () => ({name: 'here', seq: 1})} as unknown as Client
  const steps = readBatch('{"command":"mark","name":"here"}')
  expect(await runBatch(client, '0123456789', steps, {signal})).toMatchObject({done: 1})
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
