import {describeKey, joinHints, type ComposerView} from '@holdfast/ink-composer'
import {agentAtWork} from '@holdfast/session-view'

import type {ScreenSnapshot} from '../screen-snapshot.ts'

/** The keys of the moment, in one line; `undefined` while no session can take keys. Pure. */
export function keyHints(
  {session, status, bindings}: ScreenSnapshot,
  {draft, target}: ComposerView,
): string | undefined {
  if (session === undefined || status.kind !== 'live' || target !== 'prompt') return undefined
  const key = (name: string, does: string) => describeKey(bindings, name, does)
  const isAgent = session.info.agent !== 'shell'
  const isRunning = session.running !== null
  if (draft.text !== '') {
    const enter = isRunning ? 'Enter queues it' : isAgent ? 'Enter sends it' : 'Enter runs it'
    return joinHints(
      enter,
      key('alt-enter', 'new line'),
      isRunning && agentAtWork(session) === undefined ? undefined : key('ctrl-c', 'clears it'),
    )
  }
  if (session.approvals.length > 0)
    return joinHints(key('ctrl-t', 'answers the agent'), 'Enter queues', key('ctrl-c', 'interrupts'))
  if (isRunning) {
    return joinHints('Enter queues', key('ctrl-c', 'interrupts'), key('ctrl-o', 'whole terminal'), '/ commands')
  }
  const shell = isAgent ? '! runs a command' : undefined
  return joinHints('/ commands', '↑ earlier prompts', key('ctrl-r', 'searches'), shell, key('ctrl-d', 'leaves'))
}
