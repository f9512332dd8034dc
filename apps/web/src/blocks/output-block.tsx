import {formatLines} from '@holdfast/session-view'
import {useState} from 'react'

import type {BlockOf} from '../transcript/block.ts'
import {findLine} from '../transcript/find-block.ts'
import type {OutputLine} from '../transcript/output-lines.ts'
import {Found} from './found.tsx'
import {StyledText} from './styled-text.tsx'
import './output-block.css'

/** Lines of a long output that are shown: the first, and the last. While it runs, only the last ones, so that the place stays. */
const [headLines, tailLines] = [10, 20]
/** Lines that a browser lays out as one piece. */
const pieceLines = 200

interface OutputBlockProps {
  block: BlockOf<'output'>
  /** The text of a line that a search has found: all lines are shown. */
  found: string | undefined
}

/** The output of a command; of a long one, its first and last lines until the user wants all. */
export function OutputBlock({block: {output, isRunning}, found}: OutputBlockProps) {
  const [isWhole, setIsWhole] = useState(found !== undefined)
  const lines = withoutBlankEnd(output.lines)
  const foundLine = found === undefined ? undefined : lines[findLine(lines, found)]
  if (lines.length === 0) return null
  const isLong = lines.length > headLines + tailLines + 1
  const head = isRunning ? 0 : headLines
  const tail = headLines + tailLines - head
  const hidden = lines.length - head - tail
  return (
    <div className="output">
      {output.dropped > 0 && <p className="note">… {formatLines(output.dropped)} before these are in the log</p>}
      {isLong && !isWhole ? (
        <>
          {head > 0 && <Lines lines={lines.slice(0, head)} foundLine={foundLine} />}
          <button type="button" className="more" aria-expanded={false} onClick={() => setIsWhole(true)}>
            Show {formatLines(hidden)}
          </button>
          <Lines lines={lines.slice(-tail)} foundLine={foundLine} />
        </>
      ) : (
        piecesOf(lines).map(({from, piece}) => (
          <Lines key={from} lines={piece} isPiece={isLong} foundLine={foundLine} />
        ))
      )}
      {isLong && isWhole && (
        <button type="button" className="more" aria-expanded={true} onClick={() => setIsWhole(false)}>
          Show less
        </button>
      )}
    </div>
  )
}

interface LinesProps {
  lines: readonly OutputLine[]
  isPiece?: boolean
  foundLine: OutputLine | undefined
}

function Lines({lines, isPiece = false, foundLine}: LinesProps) {
  return (
    <pre className={isPiece ? 'lines piece' : 'lines'}>
      {lines.map((line, at) => (
        <span key={at} className={line.isNote === true ? 'line note' : 'line'}>
          {line === foundLine ? (
            <Found isLine>
              <StyledText segments={line.segments} />
            </Found>
          ) : (
            <StyledText segments={line.segments} />
          )}
          {'\n'}
        </span>
      ))}
    </pre>
  )
}

function piecesOf(lines: readonly OutputLine[]): {from: number; piece: readonly OutputLine[]}[] {
  const count = Math.ceil(lines.length / pieceLines)
  return Array.from({length: count}, (_, at) => {
    const from = at * pieceLines
    return {from, piece: lines.slice(from, from + pieceLines)}
  })
}

function withoutBlankEnd(lines: readonly OutputLine[]): readonly OutputLine[] {
  const end = lines.findLastIndex(({segments}) => segments.some(({text}) => text.trim() !== ''))
  return end === lines.length - 1 ? lines : lines.slice(0, end + 1)
}
