import {existsSync, readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'

test('holdfast skill prints a page, installs it, and leaves one alone that was changed', async () => {
  await using home = createHome()
  const printed = await home.holdfast(['skill'])
  expect(printed).toMatchObject({exitCode: 0, stderr: '', stdout: expect.stringMatching(/^---\nname: holdfast\n/)})
  expect(existsSync(`${home.user}/.claude`)).toBe(false)

  const file = `${home.user}/.claude/skills/holdfast/SKILL.md`
  expect(await home.holdfast(['skill', '--install'])).toMatchObject({exitCode: 0, stdout: `Wrote ${file}\n`})
  expect(readFileSync(file, 'utf8')).toBe(printed.stdout)
  expect(await home.holdfast(['skill', '--install'])).toMatchObject({exitCode: 0, stdout: `Up to date: ${file}\n`})

  writeFileSync(file, `${printed.stdout}Mine.\n`)
  expect(await home.holdfast(['skill', '--install'])).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringMatching(/SKILL\.md was not written by holdfast, or was changed since: move it away/),
  })
  expect(readFileSync(file, 'utf8')).toMatch(/\nMine\.\n$/)

  const other = await home.holdfast(['skill', '--install', 'docs'])
  expect(other).toMatchObject({exitCode: 0, stdout: 'Wrote docs/SKILL.md\n'})
  writeFileSync(`${home.project}/file`, '')
  expect(await home.holdfast(['skill', '--install', 'file'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/file\/SKILL\.md cannot be read \(ENOTDIR\)/),
  })
})
