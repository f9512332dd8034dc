import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {expectAgent, findAgents} from '../../src/agents/find-agents.ts'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hf-'))
  file = join(folder, 'holdfast/config.json')
  mkdirSync(join(folder, 'holdfast'))
  vi.stubEnv('XDG_CONFIG_HOME', folder)
  vi.stubEnv('PATH', join(folder, 'bin'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, {recursive: true})
})

const configure = (settings: object) => writeFileSync(file, JSON.stringify(settings))
/** A program that leaves a file when it is run. */
const install = (path: string) => {
  const program = join(folder, path)
  mkdirSync(join(program, '..'), {recursive: true})
  writeFileSync(program, `#!/bin/sh\n: > ${folder}/was-run\n`)
  chmodSync(program, 0o755)
  return program
}
const expected = (name: string) => expectAgent(name, findAgents())

test('an agent of the settings is found on $PATH, on its own $PATH, and at an absolute path', () => {
  const [onPath, onItsPath, absolute] = [install('bin/mine'), install('other/theirs'), install('opt/agent')]
  configure({
    agents: {
      mine: {command: 'mine', args: ['--acp'], env: {KEY: 'k'}},
      theirs: {command: 'theirs', env: {PATH: join(folder, 'other')}},
      absolute: {command: absolute},
    },
  })
  expect(expected('mine')).toMatchObject({program: onPath, args: ['--acp'], env: {KEY: 'k'}})
  expect(expected('theirs').program).toBe(onItsPath)
  expect(expected('absolute').program).toBe(absolute)
})

test('a well-known agent on $PATH needs no settings, and one of the settings replaces it', () => {
  const gemini = install('bin/gemini')
  const mine = install('bin/my-gemini')
  expect(expected('gemini')).toMatchObject({program: gemini, args: ['--acp'], isConfigured: false})
  configure({agents: {gemini: {command: 'my-gemini'}}})
  expect(expected('gemini')).toMatchObject({program: mine, args: [], isConfigured: true})
  expect(findAgents().agents.filter(({name}) => name === 'gemini')).toHaveLength(1)
})

test('an unknown agent is refused with those that there are, and the file that can have more', () => {
  expect(() => expected('nemo')).toThrow(
    `There is no agent \`nemo\`, and no other. \`agents\` in ${file} can have more, and \`holdfast agents\` lists those that can be installed`,
  )
  install('bin/gemini')
  install('bin/mine')
  configure({agents: {mine: {command: 'mine'}, gone: {command: 'gone'}}})
  for (const name of ['nemo', 'shell', 'constructor'])
    expect(() => expected(name)).toThrow(`There is no agent \`${name}\`: there is \`mine\` and \`gemini\`. `)
})

test('an agent without its program is refused with what to do', () => {
  configure({agents: {gone: {command: 'gone'}, away: {command: '/no/such/agent'}}})
  expect(() => expected('gone')).toThrow(
    `There is no \`gone\` on $PATH for the agent \`gone\`: correct \`agents.gone.command\` in ${file}`,
  )
  expect(() => expected('away')).toThrow(
    `There is no program \`/no/such/agent\` that you may run for the agent \`away\`: correct \`agents.away.command\` in ${file}`,
  )
  expect(() => expected('qwen')).toThrow(
    'There is no `qwen` on $PATH for the agent `qwen`: to install it: npm install --global @qwen-code/qwen-code',
  )
  mkdirSync(join(folder, 'bin/qwen'), {recursive: true})
  expect(() => expected('qwen')).toThrow('There is no `qwen` on $PATH')
})

test('a wrong agent is refused with its line and key, and does not become the well-known one', () => {
  install('bin/gemini')
  configure({agents: {gemini: {command: 'gemini', args: 3}}})
  expect(() => expected('gemini')).toThrow(
    `The agent \`gemini\` is left out: \`agents.gemini.args\` in ${file}, line 1: expected a list of texts`,
  )
})
