import type {TerminalEnd} from './shown-terminal.ts'

/** Why the terminal shows no program. Pure. */
export function describeEnd(end: TerminalEnd): string {
  switch (end.how) {
    case 'detached':
      return 'Detached: the program keeps running.'
    case 'program-ended':
      return 'The program has ended.'
    case 'nothing-runs':
      return 'No program is running.'
    case 'taken-over':
      return 'Another client has attached: only one at a time can have the terminal.'
    case 'connection-lost':
      return 'The connection is lost. The program keeps running.'
    case 'refused':
      return 'The program could not be attached again.'
    case 'not-attached':
      return end.error instanceof Error ? end.error.message : String(end.error)
  }
}
