import {expect, test} from 'vitest'

import {createProgram} from '../../src/cli/program.ts'
import {judgePage, sealPage} from '../../src/completion/sealed-page.ts'
import {skillPage} from '../../src/completion/skill-page.ts'

const page = skillPage(createProgram())

test('begins with the front matter of a skill', () => {
  const [, name, description = '""'] = /^---\nname: (.*)\ndescription: (".*")\n---\n\n# /.exec(page) ?? []
  expect(name).toBe('holdfast')
  const text: unknown = JSON.parse(description)
  expect(text).toMatch(/^Runs shell commands/)
  expect(String(text).length).toBeLessThanOrEqual(1024)
})

test('describes the commands that drive sessions with all their options', () => {
  const taught = [...page.matchAll(/^### holdfast (\w+) /gm)].map(([, name]) => name)
  expect(taught).toEqual(
    expect.arrayContaining(['new', 'run', 'keys', 'wait', 'snapshot', 'screenshot', 'batch', 'record']),
  )
  for (const command of createProgram().commands.filter((each) => taught.includes(each.name()))) {
    for (const {long, description} of command.options) {
      if (long === '--connect' || long === '--token-file') continue
      expect(page, `${command.name()} ${long}`).toContain(`: ${description}`)
    }
  }
  expect(page).not.toMatch(/[<>]ID|undefined/)
})

test('each command in its examples exists', () => {
  const names = new Set(createProgram().commands.map((command) => command.name()))
  const used = [...page.matchAll(/^ {4}.*?holdfast ([a-z-]+)/gm)].map(([, name = '']) => name)
  expect(used.length).toBeGreaterThan(8)
  for (const name of used) expect(names).toContain(name)
})

test('a page that somebody changed is not taken for one of another version', () => {
  const next = sealPage('# Two\n', '2.0.0')
  expect(judgePage(next, next)).toBe('same')
  expect(judgePage(sealPage('# One\n', '1.0.0'), next)).toBe('older')
  expect(judgePage(sealPage('# One\n', '1.0.0').replace('One', 'Mine'), next)).toBe('changed')
  expect(judgePage(`${sealPage('# One\n', '1.0.0')}More\n`, next)).toBe('changed')
  expect(judgePage('# Mine\n', next)).toBe('changed')
  expect(judgePage('', next)).toBe('changed')
})
