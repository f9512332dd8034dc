import {globSync, readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

const root = new URL('../../../', import.meta.url)

test('the page on the crash log explains each word that a process writes into it', () => {
  const sources = globSync(['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'], {cwd: root})
  const written = sources.flatMap((file) =>
    [...readFileSync(new URL(file, root), 'utf8').matchAll(/\brecord\('([a-z-]+)'/g)].map(([, word]) => word),
  )
  const page = readFileSync(new URL('docs/crash-log.md', root), 'utf8')
  const explained = [...page.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, words = '']) =>
    [...words.matchAll(/`([a-z-]+)`/g)].map(([, word]) => word),
  )
  expect(new Set(explained)).toEqual(new Set(written))
})
