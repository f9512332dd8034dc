/** A coding agent that finds, asks, and mends: what it says and does is the same each time. */
import {Readable, Writable} from 'node:stream'

import * as acp from '@agentclientprotocol/sdk'

const finding = `The stock is **-1** because two orders may take the last piece at the same time: \`reserve\` reads the count, and writes it back without a lock.

| order | reads | writes |
|:------|------:|-------:|
| A     |     1 |      0 |
| B     |     1 |     -1 |
`
const result = `The count changes in one statement now, so the second order gets **no piece**:

\`\`\`ts
const [row] = await run('UPDATE stock SET left = left - 1 WHERE id = ? AND left > 0', id)
if (row === undefined) throw new SoldOut(id)
\`\`\`

- \`./check\` passes: 93 tests
- two orders at once: one of them sees \`SoldOut\`
`
const before = `export async function reserve(id: string) {
  const count = await readCount(id)
  await writeCount(id, count - 1)
}
`
const after = `export async function reserve(id: string) {
  const isTaken = await takeOne(id)
  if (!isTaken) throw new SoldOut(id)
}
`

acp
  .agent({name: 'coder'})
  .onRequest('initialize', () => ({protocolVersion: 1, agentCapabilities: {loadSession: false}}))
  .onRequest('session/new', () => ({sessionId: 'demo'}))
  .onRequest('session/prompt', async ({params: {sessionId}, client}) => {
    const update = (value: acp.SessionUpdate) => client.notify('session/update', {sessionId, update: value})
    const say = (text: string) => update({sessionUpdate: 'agent_message_chunk', content: {type: 'text', text}})
    const plan = (done: number) =>
      update({
        sessionUpdate: 'plan',
        entries: ['Find the cause', 'Mend reserve()', 'Run the tests'].map((content, at) => ({
          content,
          priority: 'medium',
          status: at < done ? 'completed' : at === done ? 'in_progress' : 'pending',
        })),
      })
    const toolCallId = 'edit'
    await say(finding)
    await plan(1)
    await update({
      sessionUpdate: 'tool_call',
      toolCallId,
      title: 'Edit src/stock.ts',
      kind: 'edit',
      status: 'pending',
      content: [{type: 'diff', path: `${process.cwd()}/src/stock.ts`, oldText: before, newText: after}],
    })
    await client.request('session/request_permission', {
      sessionId,
      toolCall: {toolCallId},
      options: [
        {optionId: 'once', name: 'Allow once', kind: 'allow_once'},
        {optionId: 'always', name: 'Always allow edits', kind: 'allow_always'},
        {optionId: 'no', name: 'Reject', kind: 'reject_once'},
      ],
    })
    await update({sessionUpdate: 'tool_call_update', toolCallId, status: 'completed'})
    await plan(3)
    await say(result)
    return {stopReason: 'end_turn'}
  })
  .connect(
    acp.ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>),
  )
