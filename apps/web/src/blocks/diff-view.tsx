import {diffLines, diffWords, formatLines, linesOf, type DiffLine, type FileChange} from '@holdfast/session-view'
import {useMemo, useState} from 'react'
import './diff-view.css'

/** Lines of one diff that are shown at first. */
const fewLines = 40

const signs: Readonly<Record<DiffLine['kind'], string>> = {same: ' ', added: '+', removed: '−', gap: ''}
const names: Readonly<Record<DiffLine['kind'], string>> = {same: '', added: 'added: ', removed: 'removed: ', gap: ''}

export interface DiffViewProps {
  change: FileChange
  /** All lines at once. @default the first 40 */
  isWhole?: boolean
}

/** The change of a file. */
export function DiffView({change, isWhole: isAlwaysWhole = false}: DiffViewProps) {
  const {before, after, path} = change
  const lines = useMemo(() => diffLines(textLines(before), textLines(after)), [before, after])
  const [isOpen, setIsOpen] = useState(false)
  const isWhole = isAlwaysWhole || isOpen || lines.length <= fewLines + 1
  const shown = useMemo(
    () => (isWhole ? diffWords(lines) : diffWords(lines, fewLines).slice(0, fewLines)),
    [lines, isWhole],
  )
  return (
    <figure className="diff">
      <figcaption className="diff-head">
        <span className="diff-path">{path}</span>
        <Count lines={lines} kind="added" />
        <Count lines={lines} kind="removed" />
      </figcaption>
      <pre className="diff-lines" tabIndex={0} role="region" aria-label={`Changes of ${path}`}>
        {shown.map(({kind, spans}, at) => (
          <span key={at} className={`diff-line ${kind}`}>
            <span className="diff-sign" aria-hidden="true">
              {signs[kind]}
            </span>
            <span className="visually-hidden">{names[kind]}</span>
            {spans.map(({text, isChanged}, index) => (isChanged ? <mark key={index}>{text}</mark> : text))}
            {'\n'}
          </span>
        ))}
      </pre>
      {!isWhole && (
        <button type="button" className="more" onClick={() => setIsOpen(true)}>
          Show {formatLines(lines.length - fewLines)} more
        </button>
      )}
    </figure>
  )
}

function Count({lines, kind}: {lines: readonly DiffLine[]; kind: 'added' | 'removed'}) {
  const count = lines.filter((line) => line.kind === kind).length
  if (count === 0) return null
  return (
    <span className={`diff-count ${kind}`}>
      <span aria-hidden="true">
        {signs[kind]}
        {count}
      </span>
      <span className="visually-hidden">
        {formatLines(count)} {kind}
      </span>
    </span>
  )
}

function textLines(text: string): string[] {
  return text === '' ? [] : linesOf(text)
}
