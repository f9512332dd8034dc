import type {Method} from './methods.ts'

/**
 * What a method does to what others see. `reads`: nothing, nor does it run anything for its caller. `types`: it gives something to
 * the program, or to the shell, so that the size of the session is settled with the screen of this client. `changes`: all else.
 */
export type MethodEffect = 'reads' | 'types' | 'changes'

/** The effect of each method. A client that may only look has those that only read. */
export const methodEffects: Readonly<Record<Method, MethodEffect>> = {
  'gateway.ping': 'reads',
  'session.create': 'changes',
  'session.resume': 'reads',
  'session.leave': 'reads',
  'session.list': 'reads',
  'sessions.watch': 'reads',
  'sessions.unwatch': 'reads',
  'session.summary': 'reads',
  'session.search': 'reads',
  'session.title': 'changes',
  'session.tag': 'changes',
  'session.mark': 'changes',
  // The file belongs to the shells of the user, not to the session.
  'session.history-file': 'changes',
  'session.delete': 'changes',
  'session.events': 'reads',
  'session.close': 'changes',
  'session.input': 'types',
  'session.keys': 'types',
  'session.paste': 'types',
  'screen.snapshot': 'reads',
  'session.look': 'reads',
  'session.resize': 'changes',
  // It would detach the terminal of another client.
  'attach.start': 'changes',
  'attach.taken': 'changes',
  'attach.end': 'changes',
  'session.signal': 'changes',
  'session.interrupt': 'changes',
  'prompt.submit': 'types',
  'prompt.stdin': 'changes',
  // Both have a shell look at a text of the caller.
  'prompt.check': 'changes',
  'prompt.complete': 'changes',
  'prompt.withdraw': 'changes',
  'prompt.update': 'changes',
  'prompt.promote': 'changes',
  'queue.continue': 'changes',
  'prompt.history': 'reads',
  'draft.set': 'changes',
  'approval.answer': 'changes',
  'agent.set': 'changes',
  'agent.policy': 'changes',
  'agent.restart': 'changes',
  'agent.login': 'changes',
}

/** Whether a method only reads. Not one that this version does not know: a host may be newer than its gateway. */
export function onlyReads(method: string): boolean {
  return Object.hasOwn(methodEffects, method) && methodEffects[method as Method] === 'reads'
}
