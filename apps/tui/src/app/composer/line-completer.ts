import type {ClientSession} from '@holdfast/client'
import type {ComposerOptions, ShellCompletions} from '@holdfast/ink-composer'

export interface LineCompleterOptions {
  session: () => ClientSession | undefined
  reportError: (error: unknown) => void
}

const none: ShellCompletions = {start: 0, candidates: [], common: '', total: 0, isPartial: false}

/** Completes command lines by the shell of the session, on its machine. */
export function createLineCompleter({
  session,
  reportError,
}: LineCompleterOptions): NonNullable<ComposerOptions['completeLine']> {
  return async (line) => {
    const current = session()
    // Whoever presses Tab does not wait for a lost connection.
    if (current?.status.kind !== 'live') return none
    try {
      const {is_partial: isPartial, ...completions} = await current.complete(line)
      return {...completions, isPartial}
    } catch (error) {
      reportError(error)
      return none
    }
  }
}
