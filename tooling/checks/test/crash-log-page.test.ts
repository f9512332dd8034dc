import {globSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

const root = join(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

test('docs/crash-log.md explains every event that a process records', () => {
  const sources = globSync(['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'], {cwd: root})
  const recorded = sources.flatMap((file) =>
    [...read(file).matchAll(/\brecord\('([a-z-]+)'/g)].map(([, event]) => event),
  )
  const [, table = ''] = read('docs/crash-log.md').split('\n| event | written by | when |\n')
  const rows = [...table.matchAll(/^\| (`.*?) \|/gm)].map(([, events = '']) => events)
  const explained = rows.flatMap((events) => [...events.matchAll(/`([a-z-]+)`/g)].map(([, event]) => event))
  expect(new Set(explained)).toEqual(new Set(recorded))
})
