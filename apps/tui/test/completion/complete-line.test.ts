import {describe, expect, test} from 'vitest'

import {createProgram} from '../../src/cli/program.ts'
import {completeLine} from '../../src/completion/complete-line.ts'
import {joinAtEquals} from '../../src/completion/print-completion.ts'

const complete = (...words: string[]) => completeLine(createProgram(), words)
const texts = (...words: string[]) => {
  const completion = complete(...words)
  return completion.kind === 'words' ? completion.candidates.map(({text}) => text) : completion
}

test('commands and subcommands, without internal ones', () => {
  expect(texts('')).toEqual(expect.arrayContaining(['run', 'ls', 'config', 'help']))
  expect(texts('')).not.toContain('host')
  expect(texts('ex')).toEqual(['export'])
  expect(texts('config', 's')).toEqual(['set', 'schema'])
  expect(texts('help', 'ex')).toEqual(['export'])
})

test('options that are not given yet; one that may be given again stays', () => {
  expect(texts('export', '--o')).toEqual(['--output'])
  expect(texts('export', '--output', 'x', '--o')).toEqual([])
  expect(texts('export', '--output=x', '--')).toContain('--format')
  expect(texts('config', 'list', '--')).toEqual(['--json', '--help'])
})

describe('values', () => {
  test.each([
    [
      ['export', '--format', ''],
      ['markdown', 'jsonl'],
    ],
    [['export', '--format=j'], ['--format=jsonl']],
    [['completions', 'f'], ['fish']],
    [['export', ''], {kind: 'topic', topic: {kind: 'sessions'}, before: ''}],
    [['close', 'one', ''], {kind: 'topic', topic: {kind: 'open-sessions'}, before: ''}],
    [['keys', ''], {kind: 'topic', topic: {kind: 'open-sessions'}, before: ''}],
    [['run', '--session='], {kind: 'topic', topic: {kind: 'open-sessions'}, before: '--session='}],
    [['delete', ''], {kind: 'topic', topic: {kind: 'sessions'}, before: ''}],
    [['export', 'one', ''], []],
    [['--resume', ''], {kind: 'topic', topic: {kind: 'sessions'}, before: ''}],
    [['--resume=a'], {kind: 'topic', topic: {kind: 'sessions'}, before: '--resume='}],
    [['--agent', ''], {kind: 'topic', topic: {kind: 'agents'}, before: ''}],
    [['config', 'get', ''], {kind: 'topic', topic: {kind: 'settings'}, before: ''}],
    [['config', 'set', 'notify', ''], {kind: 'topic', topic: {kind: 'setting-values', of: 'notify'}, before: ''}],
    [['serve', '--token-file', ''], {kind: 'files'}],
    [['devices', ''], ['revoke']],
    [['devices', 'revoke', ''], {kind: 'topic', topic: {kind: 'devices'}, before: ''}],
    [['--shell', ''], {kind: 'files'}],
    [['run', '--timeout', ''], []],
  ])('%j', (words, expected) => expect(texts(...words)).toEqual(expected))
})

test('the command of `run` is another command line, as are its options', () => {
  expect(complete('run', '--keep', '')).toEqual({kind: 'command', at: 2})
  expect(complete('run', '--keep', 'git', '--ver')).toEqual({kind: 'command', at: 2})
  expect(complete('run', '--session', 'x', '--', 'git', 'log', '')).toEqual({kind: 'command', at: 4})
  expect(texts('run', '--ke')).toEqual(['--keep'])
})

test('behind --, nothing is an option or a command', () => {
  expect(texts('--', 'ex')).toEqual([])
  expect(texts('send', 'one', '--', '--no')).toEqual([])
})

test('bash takes an option with its value for three words', () => {
  expect(joinAtEquals(['export', '--format', '=', 'j'])).toEqual(['export', '--format=j'])
  expect(joinAtEquals(['export', '--format', '='])).toEqual(['export', '--format='])
  expect(joinAtEquals(['run', 'a', '=', 'b'])).toEqual(['run', 'a', '=', 'b'])
})
