import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {findSettingsFile, parseSettings, readSettings} from '../../src/settings/read-settings.ts'

const defaults = {notify: 'bell', notifyAfterSeconds: 10}

test('what is set holds, what is not has its default', () => {
  expect(parseSettings('{"notify": "osc9"}', 'c.json')).toEqual({settings: {...defaults, notify: 'osc9'}, problems: []})
})

test('a wrong value, an unknown key, and a file that is no JSON are told with file and key; the rest holds', () => {
  expect(parseSettings('{"notify": "loud", "notifyAfterSeconds": 60, "colour": 1}', 'c.json')).toEqual({
    settings: {...defaults, notifyAfterSeconds: 60},
    problems: [
      '`notify` in c.json: Invalid option: expected one of "bell"|"osc9"|"off", got `"loud"`',
      '`colour` in c.json is no setting; there are `notify` and `notifyAfterSeconds`',
    ],
  })
  for (const text of ['{', '[]', 'null', '']) {
    expect(parseSettings(text, 'c.json')).toEqual({
      settings: defaults,
      problems: ['Expected c.json to hold a JSON object; it is not used'],
    })
  }
})

test('no file is no problem; one that cannot be read is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hf-'))
  try {
    expect(readSettings(join(folder, 'none.json'))).toEqual({settings: defaults, problems: []})
    expect(readSettings(folder)).toEqual({settings: defaults, problems: [`${folder} cannot be read (EISDIR)`]})
    writeFileSync(join(folder, 'config.json'), '{"notify": "off"}')
    expect(readSettings(join(folder, 'config.json')).settings.notify).toBe('off')
  } finally {
    rmSync(folder, {recursive: true})
  }
})

test('the file is where the desktop keeps such files', () => {
  expect(findSettingsFile({XDG_CONFIG_HOME: '/etc/me'})).toBe('/etc/me/holdfast/config.json')
  expect(findSettingsFile({XDG_CONFIG_HOME: 'relative'})).toMatch(/\/\.config\/holdfast\/config\.json$/)
})
