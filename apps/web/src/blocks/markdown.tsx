import type {Block as MarkdownBlock} from '@holdfast/markdown/blocks'
import {lazy, memo, Suspense} from 'react'

import {ErrorBoundary} from '../ui/error-boundary.tsx'
import {CodeBlock} from './code-block.tsx'
import {groupBlocks, type MarkdownGroup} from './group-markdown.ts'
import './markdown.css'

/** The parser is not needed for the transcripts of shells. */
const MarkdownText = lazy(async () => ({default: (await import('./markdown-text.tsx')).MarkdownText}))

export interface MarkdownProps {
  finished: readonly MarkdownBlock[]
  unfinished: readonly MarkdownBlock[]
}

/** What a coding agent says. */
export function Markdown({finished, unfinished}: MarkdownProps) {
  const groups = groupBlocks([...finished, ...unfinished])
  return (
    <div className="answer">
      {groups.map((group, at) => (
        <Group key={at} group={group} />
      ))}
    </div>
  )
}

const Group = memo(
  function Group({group}: {group: MarkdownGroup}) {
    switch (group.kind) {
      case 'text': {
        const source = <p>{group.block.source}</p>
        return (
          <ErrorBoundary fallback={source}>
            <Suspense fallback={source}>
              <MarkdownText block={group.block} />
            </Suspense>
          </ErrorBoundary>
        )
      }
      case 'code':
        return <CodeBlock language={group.language} lines={group.lines} />
      case 'list':
        return (
          <ul className="md-list">
            {group.items.map((item, at) => (
              <li key={at} className={`md-item depth-${item.depth}`}>
                {item.marker !== '' && <span className="md-marker">{item.marker}</span>}
                <div className="md-item-body">
                  {item.groups.map((inner, index) => (
                    <Group key={index} group={inner} />
                  ))}
                </div>
              </li>
            ))}
          </ul>
        )
    }
  },
  (before, after) => isSameGroup(before.group, after.group),
)

function isSameGroup(first: MarkdownGroup, second: MarkdownGroup): boolean {
  if (first.kind === 'text') return second.kind === 'text' && first.block === second.block
  if (first.kind === 'code') {
    return (
      second.kind === 'code' && first.lines.length === second.lines.length && first.lines.at(-1) === second.lines.at(-1)
    )
  }
  return (
    second.kind === 'list' &&
    first.items.length === second.items.length &&
    first.items.every((item, at) => {
      const other = second.items[at]
      return (
        other !== undefined &&
        item.groups.length === other.groups.length &&
        item.groups.every((group, index) => isSameGroup(group, other.groups[index]!))
      )
    })
  )
}
