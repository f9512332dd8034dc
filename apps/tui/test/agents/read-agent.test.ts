import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test, vi} from 'vitest'

import {readAgent} from '../../src/agents/read-agent.ts'

test('an agent is set up as the settings are at that moment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hf-'))
  mkdirSync(join(folder, 'holdfast'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('XDG_CONFIG_HOME', folder)
  const configure = (settings: object) =>
    writeFileSync(join(folder, 'holdfast/config.json'), JSON.stringify({agents: {mine: {command: 'env'}}, ...settings}))

  configure({})
  const program = expect.stringMatching(/^\/.*\/env$/)
  expect(readAgent('mine')).toEqual({
    command: program,
    args: [],
    env: {},
    mcpServers: [],
    folders: [],
    policy: {},
    hibernateAfterMs: 900_000,
  })
  configure({
    mcpServers: {
      found: {command: 'env', args: ['-v']},
      missing: {command: 'no-such-server'},
      web: {type: 'sse', url: 'https://example.org'},
    },
    permissions: {edit: 'reject'},
    folders: ['/srv'],
    hibernateAfterMinutes: 1,
  })
  expect(readAgent('mine')).toMatchObject({
    mcpServers: [
      {name: 'found', command: program, args: ['-v'], env: []},
      {name: 'missing', command: 'no-such-server', args: [], env: []},
      {name: 'web', type: 'sse', url: 'https://example.org', headers: []},
    ],
    policy: {edit: 'reject'},
    folders: ['/srv'],
    hibernateAfterMs: 60_000,
  })
  expect(() => readAgent('nemo')).toThrow('There is no agent `nemo`')
})
