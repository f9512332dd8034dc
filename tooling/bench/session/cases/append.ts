import {execFile} from 'node:child_process'
import {join} from 'node:path'
import {promisify} from 'node:util'

import {atLeast} from '../../report.ts'
import type {BenchCase} from '../bench-case.ts'

const ours = 'MB/s of output that a host commits'
const theirs = 'MB/s of raw inserts by node:sqlite, in transactions of 64 KiB'
const file = join(import.meta.dirname, '../append-output.ts')

async function measure(how: 'host' | 'raw'): Promise<number> {
  const {stdout} = await promisify(execFile)(process.execPath, ['--conditions=holdfast-source', file, how])
  return Number(stdout)
}

export const append: BenchCase = {
  open: async () => ({
    steps: {
      holdfast: async () => ({[ours]: await measure('host')}),
      sqlite: async () => ({[theirs]: await measure('raw')}),
    },
    async [Symbol.asyncDispose]() {},
  }),
  goals: (median) => [atLeast('append: rate of a host, ratio to raw inserts', median(ours) / median(theirs), 0.5)],
}
