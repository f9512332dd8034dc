import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {parseTheme, readTheme} from '../../src/theme/read-theme.ts'

const file = '/home/ada/theme.json'
const nothing = {name: 'auto', styles: {}}

test('a theme changes what it names in the theme that it extends', () => {
  const text = '{"extends": "dark", "accent": {"color": "#ff8700", "bold": true}, "band": {}}'
  expect(parseTheme(text, file)).toEqual({
    choice: {name: 'dark', styles: {accent: {color: '#ff8700', bold: true}, band: {}}},
    problems: [],
  })
})

test('problems name the key and its line, and all else holds', () => {
  const text = `{
  "extends": "black",
  "accent": {"color": "orange"},
  "muted": {"color": "white", "blink": true},
  "composer": {},
  "error": {"color": "red"}
}`
  const {choice, problems} = parseTheme(text, file)
  expect(choice).toEqual({name: 'auto', styles: {error: {color: 'red'}}})
  expect(problems).toEqual([
    expect.stringMatching(/^`extends` in \/home\/ada\/theme.json, line 2: /),
    expect.stringMatching(/^`accent.color` in \/home\/ada\/theme.json, line 3: expected a colour: `#rrggbb`, or /),
    expect.stringMatching(/^`muted.blink` in \/home\/ada\/theme.json, line 4: /),
    expect.stringMatching(/^`composer` in \/home\/ada\/theme.json, line 5, is not drawn; what is drawn is accent, /),
  ])
})

test.each([
  ['{"accent": }', `the theme ${file} is ignored: it is not JSON at line 1, column 12`],
  ['[]', `the theme ${file} is ignored: expected an object such as {"accent": {"color": "#8ab8ff"}}`],
])('a file that is no theme: %s', (text, problem) => {
  expect(parseTheme(text, file)).toEqual({choice: nothing, problems: [problem]})
})

test('a path is one in the folder of the settings file, and what is not there is a problem', () => {
  const folder = mkdtempSync(join(tmpdir(), 'theme-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  writeFileSync(join(folder, 'mine.json'), '{"extends": "light"}')
  const settings = join(folder, 'config.json')
  expect(readTheme('mine.json', settings).choice.name).toBe('light')
  expect(readTheme('high-contrast', settings)).toEqual({choice: {name: 'high-contrast', styles: {}}, problems: []})
  expect(readTheme('other.json', settings)).toEqual({
    choice: nothing,
    problems: [`the theme ${folder}/other.json cannot be read: ENOENT`],
  })
})
