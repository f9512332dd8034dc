import assert from 'node:assert/strict'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {fileURLToPath} from 'node:url'

import {createConversation} from '@holdfast/acp'

const folder = mkdtempSync(`${tmpdir()}/agent-that-survives-`)
const script = fileURLToPath(new URL('agent.ts', import.meta.url))
const said: Record<string, string> = {}
const unknownTools: string[] = []
let pid: number | undefined
let killed: number | undefined

const conversation = createConversation({
  agent: {name: 'counting', command: process.execPath, args: [script, folder]},
  cwd: folder,
  onEvent(event) {
    if (event.type === 'agent.ready') pid = event.pid
    if (event.type === 'tool.unknown') unknownTools.push(...event.toolCallIds)
    if (event.type === 'session.restored') console.log(`The session is back by a ${event.by}`)
    if (event.type !== 'message' || event.content.type !== 'text') return
    const answer = `${said[event.promptId!] ?? ''}${event.content.text}`
    said[event.promptId!] = answer
    if (pid !== undefined && killed === undefined && answer.includes('30 ')) {
      killed = pid
      process.kill(pid, 'SIGKILL')
    }
  },
})

try {
  const end = await conversation.prompt('count', {promptId: 'first'})
  assert.deepEqual(end, {kind: 'interrupted', reason: 'its process was killed by SIGKILL'})
  const numbers = said['first']!.trim().split(' ').map(Number)
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  )
  assert.deepEqual(unknownTools, ['abacus'])

  // Waits for the agent, which is being started again.
  assert.equal((await conversation.prompt('And now?', {promptId: 'second'})).kind, 'complete')
  assert.equal(said['second'], 'You said before: count')
  assert.notEqual(pid, killed)
  console.log(`The agent was killed after ${numbers.length} numbers; its answer is kept, and it remembers the prompt`)
} finally {
  await conversation.close()
  rmSync(folder, {recursive: true})
}
