import {spawn} from 'node:child_process'

import {expect, onTestFinished, test} from 'vitest'

import {createShellPrograms} from '../../src/close/shell-programs.ts'

test('a shell that does not lead a session yet, as it has just been forked, has no programs of the session that forked it', () => {
  const shell = spawn('sleep', ['60'])
  onTestFinished(() => void shell.kill())
  const {pid = 0} = shell
  const programs = createShellPrograms(pid)
  expect(programs.find()).toEqual([pid])
  expect(programs.find()).toEqual([pid])
})
