import type {Client} from '@holdfast/client'
import {expect, test} from 'vitest'

import {readLog} from '../../src/sessions/read-log.ts'

const id = 'abcde00000'

test('a gateway that repeats a page of the log is an error, and not read for ever', async () => {
  const events = [1, 2].map((seq) => ({type: 'note', session_id: id, seq, at: 0, payload: {text: 'a', level: 'info'}}))
  const request = (() => Promise.resolve({events, latest_seq: 3})) as unknown as Client['request']
  const seqs: number[] = []
  const read = readLog({request} as Client, id, {
    afterSeq: 0,
    onEvent: ({seq}) => {
      // Without a bound, this test would not end where it fails.
      if (seqs.push(seq) > 10) throw new Error('it reads for ever')
    },
    stdout: {isFull: false, flushed: () => Promise.resolve()},
  })
  await expect(read).rejects.toThrow(`expected an event of session ${id} after event 2, got event 1`)
  expect(seqs).toEqual([1, 2])
})
