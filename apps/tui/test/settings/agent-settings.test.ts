import {homedir} from 'node:os'

import {expect, test} from 'vitest'

import {parseSettings} from '../../src/settings/read-settings.ts'

const parse = (settings: object) => parseSettings(JSON.stringify(settings, undefined, 2), 'c.json')
const problemOf = (settings: object) => parse(settings).problems

test('agents, servers, permissions and folders are read, with defaults for what is left out', () => {
  const {settings, problems} = parse({
    agents: {
      gemini: {command: 'gemini', args: ['--acp'], env: {GEMINI_API_KEY: 'k'}},
      mine: {command: '~/bin/agent'},
    },
    mcpServers: {
      files: {command: 'mcp-files', env: {ROOT: '/srv'}},
      typed: {type: 'stdio', command: '/opt/typed', args: ['-v']},
      'a web server': {type: 'http', url: 'https://example.org/mcp', headers: {Authorization: 'Bearer t'}},
    },
    agent: 'gemini',
    permissions: {read: 'allow', execute: 'reject'},
    folders: ['/srv/docs', '~/notes'],
    hibernateAfterMinutes: 0.5,
  })
  expect(problems).toEqual([])
  expect(settings).toMatchObject({
    agents: {
      gemini: {command: 'gemini', args: ['--acp'], env: {GEMINI_API_KEY: 'k'}},
      mine: {command: `${homedir()}/bin/agent`, args: [], env: {}},
    },
    agent: 'gemini',
    permissions: {read: 'allow', execute: 'reject'},
    folders: ['/srv/docs', `${homedir()}/notes`],
    hibernateAfterMinutes: 0.5,
  })
  // The shape that the Agent Client Protocol has for them.
  expect(settings.mcpServers).toEqual({
    files: {command: 'mcp-files', args: [], env: [{name: 'ROOT', value: '/srv'}]},
    typed: {command: '/opt/typed', args: ['-v'], env: []},
    'a web server': {
      type: 'http',
      url: 'https://example.org/mcp',
      headers: [{name: 'Authorization', value: 'Bearer t'}],
    },
  })
})

test('a wrong agent is left out with its line and key, and the others work', () => {
  const text = `{
  "agents": {
    "good": {"command": "good"},
    "bad": {
      "command": "bad",
      "args": "--acp"
    }
  }
}`
  const problem = '`agents.bad.args` in c.json, line 6: expected a list of texts'
  const {settings, problems, agentProblems} = parseSettings(text, 'c.json')
  expect(settings.agents).toEqual({good: {command: 'good', args: [], env: {}}})
  expect(problems).toEqual([problem])
  expect(agentProblems).toEqual({bad: problem})
})

test.each([
  [{agents: []}, '`agents` in c.json, line 2: expected an object, got an array'],
  [{agents: {a: 'gemini'}}, '`agents.a` in c.json, line 3: expected an object with `command`, `args`, and `env`'],
  [{agents: {a: {}}}, '`agents.a.command` in c.json, line 3: expected a text'],
  [{agents: {a: {command: ''}}}, '`agents.a.command` in c.json, line 4: expected a text that is not empty'],
  [
    {agents: {a: {command: 'bin/a'}}},
    '`agents.a.command` in c.json, line 4: expected a name on $PATH, or a path that begins with / or ~/',
  ],
  [
    {agents: {a: {command: 'a', arguments: []}}},
    '`agents.a.arguments` in c.json, line 5: expected one of the keys `command`, `args`, and `env`',
  ],
  [
    {agents: {shell: {command: 'a'}}},
    '`agents.shell` in c.json, line 3: expected another name: this one has a meaning of its own',
  ],
  [
    {agents: {'a\u001bb': {command: 'a'}}},
    '`agents.a\u001bb` in c.json, line 3: expected a name of up to 100 letters, digits and . _ + -',
  ],
  [{agent: ''}, /^`agent` in c.json, line 2: expected a name of up to 100 letters/],
  [{mcpServers: {m: {url: 'x'}}}, /^`mcpServers.m.type` in c.json, line 3: Invalid option: expected one of "http"/],
  [
    {mcpServers: {m: {type: 'sse', url: 'file:///x'}}},
    '`mcpServers.m.url` in c.json, line 5: expected the URL of the server: http://… or https://…',
  ],
  [
    {permissions: {edit: 'never'}},
    '`permissions.edit` in c.json, line 3: Invalid option: expected one of "ask"|"allow"|"reject", got `"never"`',
  ],
  [
    {permissions: {write: 'ask'}},
    /^`permissions.write` in c.json, line 3: Invalid option: expected one of "read"\|"edit"/,
  ],
  [{folders: ['docs']}, '`folders.0` in c.json, line 2: expected a path that begins with / or ~/, got `["docs"]`'],
  [{hibernateAfterMinutes: 0}, /^`hibernateAfterMinutes` in c.json, line 2: Too small: expected number to be >0/],
  [{constructor: 1}, /^`constructor` in c.json, line 2: there is no such setting/],
])('%j is reported with line and key', (settings, problem) => {
  expect(problemOf(settings)).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)])
})

test('no problem shows what may be a key', () => {
  const {problems} = parse({
    agents: {a: {command: 'a', env: {KEY: {secret: 's3cret'}}}, b: {command: 'b', args: 's3cret'}},
    mcpServers: {m: {type: 'http', url: 's3cret'}, n: {type: 'http', url: 'https://x', headers: {A: ['s3cret']}}},
  })
  expect(problems).toHaveLength(4)
  expect(problems.join('\n')).not.toContain('s3cret')
})
