import {readFileSync} from 'node:fs'

import {editKeys} from '@holdfast/ink-composer'
import {expect, test} from 'vitest'

import {bindKeys} from '../../src/keys/bind-keys.ts'
import {fixedKeys, keyActions, type KeyActionName} from '../../src/keys/key-actions.ts'
import {defaultKeyLabels, keyPage} from '../../src/keys/key-page.ts'
import {parseKey} from '../../src/keys/parse-key.ts'
import {resolveConflicts} from '../../src/keys/resolve-conflicts.ts'
import {parseSettings} from '../../src/settings/read-settings.ts'

const actions = Object.entries(keyActions)
const defaultKeys: readonly string[] = actions.flatMap(([, {keys}]) => keys)

test('no default key is that of two actions, and each can be bound', () => {
  expect(new Set(defaultKeys).size).toBe(defaultKeys.length)
  expect(defaultKeys.filter((key) => !('key' in parseKey(key)))).toEqual([])
  expect(resolveConflicts({}).conflicts).toEqual([])
})

test('every key that edits can be bound, or is fixed', () => {
  const known: readonly string[] = [...defaultKeys, ...fixedKeys]
  expect(Object.keys(editKeys).filter((key) => !known.includes(key))).toEqual([])
})

test('a bound key is the default key of its action, which has lost its own', () => {
  const {actionOf, labelOf} = bindKeys({attach: ['alt-o'], expand: ['ctrl-o', 'alt-e'], clear: []})
  expect(['alt-o', 'ctrl-o', 'alt-e', 'ctrl-]', 'ctrl-l', 'ctrl-r', 'x'].map(actionOf)).toEqual([
    'ctrl-o',
    'ctrl-]',
    'ctrl-]',
    undefined,
    undefined,
    'ctrl-r',
    'x',
  ])
  expect(['ctrl-o', 'ctrl-]', 'ctrl-l', 'ctrl-r', 'alt-up'].map(labelOf)).toEqual([
    'Alt-O',
    'Ctrl-O',
    undefined,
    'Ctrl-R',
    'Alt-↑',
  ])
})

test('the keys that open sessions by their numbers are bound together, in their order', () => {
  const {actionOf} = bindKeys({openSession: ['alt-2', 'alt-1', 'alt-m']})
  expect(['alt-2', 'alt-1', 'alt-m', 'alt-4'].map(actionOf)).toEqual(['alt-1', 'alt-2', 'alt-3', undefined])
  expect(bindKeys({openSession: []}).actionOf('alt-3')).toBeUndefined()
  expect(bindKeys({}).actionOf('alt-3')).toBe('alt-3')
})

test('Ctrl-X begins the key of the editor only while that is bound to it', () => {
  expect(bindKeys({editor: ['alt-e']}).actionOf('alt-e')).toBe('ctrl-x ctrl-e')
  expect(bindKeys({editor: ['alt-e']}).actionOf('ctrl-x')).toBeUndefined()
  expect(bindKeys({editor: ['alt-e'], undo: ['ctrl-x']}).actionOf('ctrl-x')).toBe('ctrl-_')
  expect(bindKeys({editor: ['ctrl-x ctrl-e', 'alt-e']}).actionOf('ctrl-x')).toBe('ctrl-x')
  expect(resolveConflicts({undo: ['ctrl-x']}).conflicts).toEqual([{action: 'undo', key: 'ctrl-x', other: 'editor'}])
})

const parse = (keys: unknown) => parseSettings(JSON.stringify({keys}, null, 2), 'config.json')

test('a setting binds one key, several, or none', () => {
  const {settings, problems} = parse({attach: 'Alt-O', expand: ['ctrl-o', 'alt-home'], clear: 'off', last: 1})
  expect(settings.keys).toEqual({attach: ['alt-o'], expand: ['ctrl-o', 'alt-home'], clear: []})
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain('`keys.last` in config.json, line 9')
})

test.each([
  ['ctrl-c', 'ctrl-c cannot be bound to something else'],
  ['ctrl-m', 'terminals send the same for ctrl-m as for Enter'],
  ['tab', 'tab cannot be bound to something else'],
  ['alt-[', 'expected ctrl- or alt-'],
  ['a', 'expected ctrl- or alt-'],
  ['f1', 'expected ctrl- or alt-'],
  ['', 'expected ctrl- or alt-'],
  [7, 'expected ctrl- or alt-'],
  [[], 'expected a key, or "off"'],
  [['ctrl-o', 'ctrl-1'], 'expected ctrl- or alt-'],
])('%j is no key for an action, which keeps its default', (key, problem) => {
  const {settings, problems} = parse({attach: key})
  expect(settings.keys).toEqual({})
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(/^`keys\.attach(\.\d)?` in config\.json, line 3: /)
  expect(problems[0]).toContain(problem)
})

test('of two actions on one key, the one that is bound later keeps its default', () => {
  const {settings, problems} = parse({attach: 'alt-o', expand: 'alt-o', clear: 'ctrl-r'})
  expect(settings.keys).toEqual({attach: ['alt-o']})
  expect(problems).toEqual([
    '`keys.expand` in config.json, line 4: alt-o is the key of `attach`; bind one of the two to another key, or to "off"',
    '`keys.clear` in config.json, line 5: ctrl-r is the key of `history`; bind one of the two to another key, or to "off"',
  ])
})

test('two actions can swap their keys', () => {
  const {settings, problems} = parse({attach: 'ctrl-]', expand: 'ctrl-o'})
  expect(problems).toEqual([])
  expect(bindKeys(settings.keys).actionOf('ctrl-]')).toBe('ctrl-o')
  expect(bindKeys(settings.keys).actionOf('ctrl-o')).toBe('ctrl-]')
})

test('/help names the keys that are bound', () => {
  const names = keyPage(bindKeys({attach: ['alt-o'], clear: []}))
    .flatMap(({rows}) => rows)
    .map(({name}) => name)
  expect(names).toContain('Alt-O')
  expect(names).not.toContain('Ctrl-O')
  expect(names).not.toContain('Ctrl-L')
})

test('docs/composer.md lists the actions with their default keys', () => {
  const page = readFileSync(new URL('../../../../docs/composer.md', import.meta.url), 'utf8')
  const [, section = ''] = page.split('## Your own keys\n')
  const rows = [...section.matchAll(/^\| `(\w+)` \| (.*) \| (.*) \|$/gm)].map(([, ...cells]) => cells)
  expect(rows).toEqual(
    actions.map(([name, {description}]) => [name, defaultKeyLabels(name as KeyActionName), description]),
  )
})
