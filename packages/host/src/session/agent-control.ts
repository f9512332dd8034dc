import {errorCodes, type Params, type PermissionPolicy} from '@holdfast/protocol'
import {isRpcError, RpcError} from '@holdfast/rpc'

import type {Agent, AgentControl} from '../agent/agent.ts'
import type {LogWriter} from './log-writer.ts'

export interface AgentControlOptions {
  agent: Pick<Agent, 'control'>
  append: LogWriter['append']
  isRunning: () => boolean
  requireNotClosed: () => void
}

/** What clients change at the coding agent of a session. All throw an `RpcError`, such as `notAllowed` for a shell. */
export interface SessionAgentControl {
  /** Resolves when the agent has taken the setting. */
  set(setting: Params<'agent.set'>['setting'], by?: string): Promise<void>
  setPolicy(policy: PermissionPolicy, by?: string): void
  /** Begins to start the agent again. */
  restart(options: {isFresh: boolean}, by?: string): void
  /** Begins to log in. */
  login(methodId: string, by?: string): void
}

export function createAgentControl(options: AgentControlOptions): SessionAgentControl {
  const {agent, append, isRunning, requireNotClosed} = options
  const control = (): AgentControl => {
    requireNotClosed()
    if (agent.control !== undefined) return agent.control
    throw new RpcError(errorCodes.notAllowed, 'This session runs a shell, and has no coding agent')
  }
  return {
    async set(setting, by) {
      try {
        await control().set(setting, by)
      } catch (error) {
        if (isRpcError(error) && error.code === errorCodes.notAllowed) throw error
        throw new RpcError(errorCodes.agentUnavailable, error instanceof Error ? error.message : String(error))
      }
    },
    setPolicy(policy, by) {
      control()
      append([{type: 'agent.policy', payload: {policy, by}}], true)
    },
    restart(how, by) {
      if (isRunning()) throw new RpcError(errorCodes.notAllowed, 'A prompt runs: interrupt it first')
      control().restart(how, by)
    },
    login: (methodId, by) => control().login(methodId, by),
  }
}
