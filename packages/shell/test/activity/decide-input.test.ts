import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {decideInput, type ProgramInput} from '../../src/activity/decide-input.ts'
import {readsCommands} from '../../src/activity/nested-shell.ts'
import {factsOf, PROGRAM_FACTS, type ProgramFacts} from '../fixtures/program-facts.ts'

test.each(PROGRAM_FACTS)('$name gets $input', (facts) => {
  expect(decideInput(factsOf(facts)).input).toBe(facts.input)
})

test('the shell at its own prompt gets nothing, whatever its terminal looks like', () => {
  for (const facts of PROGRAM_FACTS) {
    expect(decideInput({...factsOf(facts), isRunning: false})).toEqual({input: 'none', mayBeSecret: false})
  }
})

test('what is typed without echo may be a secret, unless the program draws it, and so may what the editor of the shell reads', () => {
  const secrets = PROGRAM_FACTS.filter((facts) => decideInput(factsOf(facts)).mayBeSecret).map(({name}) => name)
  const hidden = PROGRAM_FACTS.filter(({input}) => input === 'hidden').map(({name}) => name)
  expect(secrets.toSorted()).toEqual(
    [...hidden, 'read -e', 'vared', 'read -n1 of fish', 'read -sn1', 'more'].toSorted(),
  )
})

test('a system that shows no settings of the terminal shows a full screen', () => {
  const facts = {...factsOf(PROGRAM_FACTS[0]!), settings: undefined}
  expect(decideInput(facts).input).toBe('terminal')
  expect(decideInput({...facts, modes: {...facts.modes, isFullScreen: false}}).input).toBe('none')
})

test.each([
  ['', true],
  ['-i', true],
  ['-l', true],
  ['--norc --noprofile', true],
  ['--rcfile file -i', true],
  ['-o vi', true],
  ['-c ls', false],
  ['-ic ls', false],
  ['script', false],
  ['-x script arg', false],
  ['--login script', false],
  ['--command=ls', false],
])('a shell started with `%s` reads its commands from its input: %s', (args, expected) => {
  expect(readsCommands(args.split(' ').filter((arg) => arg !== ''))).toBe(expected)
})

test('the page about keys lists each program with what it gets', () => {
  const page = readFileSync(new URL('../../../../docs/keys.md', import.meta.url), 'utf8')
  const listed = [...page.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, input, cell = '']) => [
    input,
    cell.split(' · '),
  ])
  const namesOf = (input: ProgramInput) => PROGRAM_FACTS.filter((facts) => facts.input === input).map(listedName)
  expect(Object.fromEntries(listed)).toEqual({
    terminal: namesOf('terminal'),
    line: namesOf('line'),
    key: namesOf('key'),
    hidden: namesOf('hidden'),
    none: namesOf('none'),
  })
})

function listedName({name}: ProgramFacts): string {
  const [program = '', ...when] = name.split(', ')
  return [program.startsWith('a ') ? program : `\`${program}\``, ...when].join(', ')
}
