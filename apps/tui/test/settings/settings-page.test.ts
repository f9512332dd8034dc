import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {entrySettings, wholeSchemas} from '../../src/settings/settings-schema.ts'
import {valueOf} from '../../src/settings/setting-values.ts'

const page = readFileSync(new URL('../../../../docs/settings.md', import.meta.url), 'utf8')
const rows = new Map(
  [...page.matchAll(/^\| `(\w+)` \| (.*) \| (.*) \|$/gm)].map(([, name = '', ...cells]) => [name, cells]),
)

test('docs/settings.md lists the settings, in their order', () => {
  expect([...rows.keys()]).toEqual([...wholeSchemas.keys(), ...entrySettings.keys()])
})

test.each([...rows.keys()])('docs/settings.md says what %s is for, and its default', (name) => {
  const {description, value} = valueOf([name], {})
  const [text = '', byDefault] = rows.get(name) ?? []
  expect(description).not.toBe('')
  expect(text.startsWith(description)).toBe(true)
  expect(byDefault).toBe(value === undefined ? 'none' : `\`${JSON.stringify(value)}\``)
})

test('the example is a file without a problem', async () => {
  const {parseSettings} = await import('../../src/settings/read-settings.ts')
  const [, example = ''] = /like this:\n\n((?: {4}.*\n)+)/.exec(page) ?? []
  const {settings, problems} = parseSettings(example, 'config.json')
  expect(problems).toEqual([])
  expect(settings).toMatchObject({notify: 'osc9', notifyAfterSeconds: 30})
})
