import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'
import {verdicts} from '@holdfast/breadcrumbs'

test('docs/crash-log.md explains each verdict, and no other', () => {
  const page = readFileSync(new URL('../../../docs/crash-log.md', import.meta.url), 'utf8')
  const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)
  expect(headings).toEqual([...verdicts])
})
