import {readFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {plantedBugs} from '../planted/planted-bugs.ts'

const root = join(import.meta.dirname, '../../..')

test.each(plantedBugs.map(({name, changes}) => [name, changes] as const))(
  'the planted bug “%s” fits the sources',
  (_name, changes) => {
    const misfits = changes.filter(({file, find}) => readFileSync(`${root}/${file}`, 'utf8').split(find).length !== 2)
    expect(misfits).toEqual([])
  },
)
