import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {findSettingsFile} from '../../src/settings/find-settings-file.ts'
import {parseSettings, readSettings} from '../../src/settings/read-settings.ts'

const defaults = {
  notify: 'bell',
  notifyAfterSeconds: 10,
  progress: 'auto',
  prompt: 'ours',
  queue: 'hold-on-failure',
  attach: 'auto',
  detachKey: 'ctrl-\\ ctrl-\\',
  theme: 'auto',
  hints: 'on',
  tabs: 'auto',
  agents: {},
  mcpServers: {},
  permissions: {},
  keys: {},
  folders: [],
  hibernateAfterMinutes: 15,
  recordScreens: 'driven',
  recordScreensMiB: 16,
  mcpFolders: [],
  mcpReadOnly: false,
  mcpOtherSessions: 'read',
}

test('uses the settings of the file, and defaults for the others', () => {
  expect(parseSettings('{"notify": "osc9"}', 'c.json')).toEqual({
    settings: {...defaults, notify: 'osc9'},
    problems: [],
    agentProblems: {},
  })
})

test('a wrong value and an unknown key are reported with file, line and key; other settings apply', () => {
  expect(
    parseSettings('{"notify": "loud", "notifyAfterSeconds": 60,\n  "colour": 1, "detachKey":\n  "F1"}', 'c.json'),
  ).toMatchObject({
    settings: {...defaults, notifyAfterSeconds: 60},
    problems: [
      '`notify` in c.json, line 1: Invalid option: expected one of "bell"|"osc9"|"osc777"|"off", got `"loud"`',
      '`colour` in c.json, line 2: there is no such setting; the settings are `notify`, `progress`, `notifyAfterSeconds`, `prompt`, `queue`, `attach`, `detachKey`, `theme`, `hints`, `tabs`, `agent`, `folders`, `hibernateAfterMinutes`, `recordScreens`, `recordScreensMiB`, `mcpFolders`, `mcpReadOnly`, `mcpOtherSessions`, `agents`, `mcpServers`, `permissions`, and `keys`',
      '`detachKey` in c.json, line 2: expected ctrl- and a letter other than c, h, i, j, m, or ctrl-\\, once as in ctrl-q, or twice as in "ctrl-q ctrl-q", got `"F1"`',
    ],
  })
})

test.each([
  ['{\n  "notify": off\n}', 'it is not JSON at line 2, column 13'],
  ['', 'it is not JSON at line 1, column 1'],
  ['[]', 'expected an object with settings, such as {"notify": "off"}, got an array'],
  ['null', 'expected an object with settings, such as {"notify": "off"}, got null'],
  ['"off"', 'expected an object with settings, such as {"notify": "off"}, got a string'],
])('a file with %j is ignored, and its problem is where the text is wrong, and what to do', (text, problem) => {
  expect(parseSettings(text, 'c.json')).toMatchObject({settings: defaults, problems: [`c.json is ignored: ${problem}`]})
})

test('a missing file is no problem; a folder, a FIFO, a device and a long file are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hf-'))
  try {
    expect(readSettings(join(folder, 'none.json'))).toMatchObject({settings: defaults, problems: []})
    const ignored = (file: string, why: string) => ({
      settings: defaults,
      problems: [`${file} is ignored: expected ${why}`],
      agentProblems: {},
    })
    expect(readSettings(folder)).toEqual(ignored(folder, 'a regular file, got a folder'))
    const fifo = join(folder, 'fifo')
    execFileSync('mkfifo', [fifo])
    expect(readSettings(fifo)).toEqual(ignored(fifo, 'a regular file, got a named pipe'))
    expect(readSettings('/dev/zero')).toEqual(ignored('/dev/zero', 'a regular file, got a device'))
    const long = join(folder, 'long.json')
    writeFileSync(long, ' '.repeat(65_537))
    expect(readSettings(long)).toEqual(ignored(long, 'at most 65536 bytes, got more'))
    writeFileSync(join(folder, 'config.json'), '{"notify": "off"}')
    expect(readSettings(join(folder, 'config.json')).settings.notify).toBe('off')
  } finally {
    rmSync(folder, {recursive: true})
  }
})

test('the file is found by the XDG Base Directory Specification', () => {
  expect(findSettingsFile({XDG_CONFIG_HOME: '/etc/me'})).toBe('/etc/me/holdfast/config.json')
  expect(findSettingsFile({XDG_CONFIG_HOME: 'relative'})).toMatch(/\/\.config\/holdfast\/config\.json$/)
})
