import type {AgentLine} from './agent-line.ts'
import {countOf, cutLine, linesOf} from './plain-lines.ts'

/** The longest line that is kept until its end, UTF-16 units. */
const maxKept = 4096

/** What an agent thinks, line by line as it arrives; `maxLines` of each thought. */
export interface ThoughtLines {
  add(text: string): AgentLine[]
  /** The agent does something else now: the rest of the thought. */
  end(): AgentLine[]
}

export function createThoughtLines(maxLines: number): ThoughtLines {
  let unfinished = ''
  let count = 0
  const draw = (text: string): AgentLine[] => {
    count++
    if (count > maxLines) return []
    const line = cutLine(text)
    return count > 1 ? [{tone: 'detail', text: `  ${line}`}] : [{tone: 'detail', text: `Thinking: ${line}`}]
  }
  return {
    add(text) {
      const lines = (unfinished + text).split('\n')
      unfinished = (lines.pop() ?? '').slice(0, maxKept)
      return lines.flatMap((line) => linesOf(line).flatMap(draw))
    },
    end() {
      const rest = unfinished === '' ? [] : linesOf(unfinished).flatMap(draw)
      const left = count - maxLines
      unfinished = ''
      count = 0
      return left <= 0 ? rest : [...rest, countOf(left)]
    },
  }
}
