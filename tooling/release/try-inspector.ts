import assert from 'node:assert/strict'
import {join} from 'node:path'

import {createProject, type Setup} from './projects.ts'

/** It takes 110 MB, so the workspace does not have it. Needs Node 22.19. */
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0'
const TOOLS = ['open', 'run', 'input', 'keys', 'wait', 'snapshot', 'screenshot', 'read', 'sessions', 'search', 'close']

interface Result {
  content: {type: string; text: string}[]
  isError?: boolean
}

/** Uses `holdfast mcp` by the command line of the protocol's inspector, which starts a server for each call. */
export async function tryInspector(work: string, setup: Setup): Promise<void> {
  const project = createProject(work, setup)
  await project.add('holdfast', INSPECTOR)
  const installed = (name: string) => join(project.folder, 'node_modules/.bin', name)
  // A server of its own would have the home folder of the user.
  const server = ['-e', `HOLDFAST_HOME=${join(project.folder, 'home')}`, installed('holdfast'), 'mcp']
  const inspect = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await project.run([installed('mcp-inspector'), '--cli', ...server, ...args])).stdout)
  const call = async (tool: string, args: Readonly<Record<string, string>>) => {
    const pairs = Object.entries(args).map(([name, value]) => `${name}=${value}`)
    const {content, isError} = (await inspect(
      '--method',
      'tools/call',
      '--tool-name',
      tool,
      '--tool-arg',
      ...pairs,
    )) as Result
    assert(isError !== true, `${tool}: ${content[0]?.text}`)
    const [facts = '', text] = content.map((part) => part.text)
    return {facts: JSON.parse(facts) as Record<string, unknown>, text}
  }
  try {
    // It ends with 6 for a schema that some clients cannot use.
    const {tools} = (await inspect('--method', 'tools/list', '--strict')) as {tools: {name: string}[]}
    assert.deepEqual(
      TOOLS.filter((name) => !tools.some((tool) => tool.name === name)),
      [],
    )
    const {facts} = await call('open', {id: 'rehearsal'})
    const session = facts['session'] as string
    const command = 'echo begun >> count; cat count; (exit 3)'
    const run = () => call('run', {session, command, id: 'once'})
    const first = await run()
    assert.equal(first.facts['exit_code'], 3)
    assert.equal(first.text, 'begun\n')
    assert.deepEqual(await run(), first)
    await call('close', {session})
  } finally {
    await project.run([installed('holdfast'), 'close', '--all'])
  }
}
