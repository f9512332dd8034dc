import type {Method, Params} from '@holdfast/protocol'

/**
 * A valid call of every method. None of them can do harm when it is mutated: what a shell gets is a comment, and a session that is created
 * has a folder that does not exist.
 */
export function validParams(session_id: string, other_id: string): {[M in Method]: Params<M>} {
  const prompt = {session_id, prompt_id: 'garbage'}
  const attach = {session_id, attach_id: 'garbage'}
  return {
    'gateway.ping': {},
    'session.create': {
      session_id,
      cwd: '/no/such/folder',
      title: 'garbage',
      tags: ['a'],
      cols: 80,
      rows: 24,
      one_shot: false,
    },
    'session.resume': {session_id, after_seq: 1, cols: 80, rows: 24},
    'session.leave': {session_id},
    'session.list': {after: session_id},
    'sessions.watch': {},
    'sessions.unwatch': {},
    'session.summary': {session_id, watch: true},
    'session.search': {words: ['garbage'], limit: 10},
    'session.title': {session_id, title: 'garbage'},
    'session.tag': {session_id, add: ['a', 'b'], remove: ['c']},
    'session.mark': {session_id, name: 'garbage'},
    'session.history-file': {session_id},
    'session.delete': {session_id: other_id},
    'session.events': {session_id, types: ['message.delta'], after_seq: 1, before_seq: 100, limit: 10, frames: false},
    'session.close': {session_id: other_id},
    'session.input': {...prompt, text: '# x', when: 'reads'},
    'session.keys': {...prompt, keys: ['#', 'x']},
    'session.paste': {...prompt, text: '# x'},
    'screen.snapshot': {session_id, after: 1, wait_ms: 1, scrollback: 10},
    'session.look': {session_id},
    'session.resize': {session_id, cols: 80, rows: 24},
    'attach.start': {...attach, cols: 80, rows: 24, in_place: true, lossless: false},
    'attach.taken': {...attach, bytes: 10},
    'attach.end': attach,
    'session.signal': {...prompt, signal: 'CONT'},
    'session.interrupt': prompt,
    'prompt.submit': {...prompt, text: '# x', max_output_bytes: 1000, hold_on_failure: false, plain: true},
    'prompt.stdin': {...prompt, offset: 0, text: 'x', end: false},
    'prompt.check': {session_id, text: '# x'},
    'prompt.complete': {session_id, text: '# x'},
    'prompt.withdraw': prompt,
    'prompt.update': {...prompt, text: '# x'},
    'prompt.promote': prompt,
    'queue.continue': {session_id},
    'prompt.history': {session_id, limit: 10, before: 1000},
    'draft.set': {session_id, text: 'a draft'},
    'approval.answer': {session_id, approval_id: 'garbage', choice: 'yes'},
    'agent.set': {session_id, setting: {mode: 'plan'}},
    'agent.policy': {session_id, policy: {}},
    'agent.restart': {session_id, fresh: true},
    'agent.login': {session_id, method_id: 'garbage'},
  }
}
