import type {PlantedBug} from './planted-bug.ts'

const session = 'packages/host/src/session/create-session.ts'

/** Bugs that only sessions with a coding agent have: most are what other clients of such agents did. */
export const agentBugs: readonly PlantedBug[] = [
  {
    name: 'a prompt is sent again when its agent has died',
    violation: /× effect of prompt-\d+, found 2/,
    inAgents: true,
    changes: [
      {
        file: 'packages/acp/src/conversation/run-turn.ts',
        find: "return isCancelled ? {kind: 'cancelled', sent: true} : {kind: 'interrupted', reason: gone.reason.message}",
        replace: 'return await sendAndWait(await options.current(abort.signal), content, options)',
      },
    ],
  },
  {
    name: 'what an agent replays is taken for news',
    violation: /Expected nothing of a replay in the log/,
    inAgents: true,
    changes: [
      {
        file: 'packages/acp/src/conversation/start-instance.ts',
        find: 'else if (!replay?.take(event)) onUpdate(event)',
        replace: 'else onUpdate(event)',
      },
    ],
  },
  {
    name: 'another session begins when the host has died',
    violation: /Expected the agent to keep its session/,
    inAgents: true,
    changes: [
      {
        file: 'packages/host/src/agent/acp/acp-agent.ts',
        find: 'session: before?.session && {',
        replace: 'session: before?.session && undefined && {',
      },
    ],
  },
  {
    name: 'a question stays open when the host has died',
    violation: /Expected no open question/,
    inAgents: true,
    changes: [{file: session, find: 'if (unanswered.length > 0) writer', replace: 'if (unanswered.length > 9) writer'}],
  },
  {
    name: 'a tool seems to run on when the host has died',
    violation: /Expected the outcome of each tool/,
    inAgents: true,
    changes: [{file: session, find: 'if (cutShort.length > 0) writer', replace: 'if (cutShort.length > 9) writer'}],
  },
  {
    name: 'a prompt whose agent died is complete',
    violation: /Expected the agent to have finished prompt-\d+/,
    inAgents: true,
    changes: [
      {
        file: 'packages/host/src/agent/acp/to-outcome.ts',
        find: "return {status: 'interrupted', reason: hasDied",
        replace: "return {status: 'complete', reason: hasDied",
      },
    ],
  },
]
