import assert from 'node:assert/strict'

import {createConversation} from '@holdfast/acp'

const conversation = createConversation({
  agent: {name: 'none', command: '/no/such/agent'},
  cwd: process.cwd(),
  onEvent(event) {
    if (event.type === 'agent.gave-up') assert.match(String(event.error), /no\/such\/agent/)
  },
})
await assert.rejects(conversation.open(), {code: 'gave-up'})
assert.equal(conversation.state.status, 'gave-up')
await conversation.close()
