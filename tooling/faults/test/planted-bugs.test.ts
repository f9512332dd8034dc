import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {plantedBugs} from '../planted-bugs.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

test.each(plantedBugs.map(({name, changes}) => [name, changes] as const))('%s: fits the sources', (_name, changes) => {
  const misfits = changes.filter(({file, find}) => readFileSync(`${root}/${file}`, 'utf8').split(find).length !== 2)
  expect(misfits).toEqual([])
})
