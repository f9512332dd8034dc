import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'
import {exitCauses} from '@holdfast/breadcrumbs'

test('docs/crash-log.md describes each cause of an exit, and no other', () => {
  const page = readFileSync(new URL('../../../docs/crash-log.md', import.meta.url), 'utf8')
  const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)
  expect(headings).toEqual([...exitCauses])
})
