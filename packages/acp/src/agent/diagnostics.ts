/** Something that the agent did wrong, and that did no harm. */
export interface Diagnostic {
  type: 'diagnostic'
  /** What was wrong: what it wrote to stdout, an update, a request, an answer, or the handling of one of these. */
  about: 'output' | 'update' | 'request' | 'answer' | 'handler'
  /** One line of at most 500 characters. Contains no output of the agent. */
  message: string
}

/** Of one instance of an agent. */
const MAX_REPORTED = 100

/** Reports the first 100 problems of one instance of an agent, and counts the others: garbage may come without end. */
export function createDiagnostics(emit: (diagnostic: Diagnostic) => void) {
  let count = 0
  return {
    report(about: Diagnostic['about'], message: string): void {
      count++
      if (count <= MAX_REPORTED) emit({type: 'diagnostic', about, message: message.slice(0, 500)})
    },
    /** How many were not reported. */
    get unreported() {
      return Math.max(count - MAX_REPORTED, 0)
    },
  }
}
export type Diagnostics = ReturnType<typeof createDiagnostics>
