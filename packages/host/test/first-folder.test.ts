import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {homedir, tmpdir} from 'node:os'

import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {firstFolder} from '../src/session/first-folder.ts'

test('a session starts in its folder, or in the home of the user', () => {
  expect(firstFolder('/')).toBe('/')
  expect(firstFolder(undefined)).toBe(homedir())
  expect(firstFolder('~')).toBe(homedir())
})

test('what is missing, a file, or below a file is no folder to start in', () => {
  const folder = mkdtempSync(`${tmpdir()}/first-folder-`)
  writeFileSync(`${folder}/file`, '')
  for (const path of [`${folder}/missing`, `${folder}/file`, `${folder}/file/below`, '~/no such folder at all'])
    expect(() => firstFolder(path)).toThrow(expect.objectContaining({code: errorCodes.folderNotFound}))
  rmSync(folder, {recursive: true})
})
