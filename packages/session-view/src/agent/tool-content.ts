import {toPlainLine} from '@holdfast/terminal/plain'

import type {AgentLine} from './agent-line.ts'
import {describeContent} from './describe-content.ts'
import {diffLines, type DiffLine} from './diff-lines.ts'
import {firstLines, indented, linesOf} from './plain-lines.ts'

/** Lines of one text, or one diff, that are shown. */
export interface ContentBounds {
  maxTextLines: number
  maxDiffLines: number
}

/** What an agent shows of a tool, each content within its bound. Of a terminal, its own events tell. Pure. */
export function drawToolContent(
  content: readonly Readonly<Record<string, unknown>>[],
  {maxTextLines, maxDiffLines}: ContentBounds,
): AgentLine[] {
  return content.flatMap((item) => {
    if (item['type'] === 'diff') return firstLines(drawDiff(item), maxDiffLines)
    if (item['type'] === 'content') return firstLines(drawContent(item['content']), maxTextLines)
    return []
  })
}

const signs: Readonly<Record<DiffLine['kind'], string>> = {same: '  ', added: '+ ', removed: '- ', gap: ''}

function drawDiff({path, oldText, newText}: Readonly<Record<string, unknown>>): AgentLine[] {
  const [before, after] = [textLines(oldText), textLines(newText)]
  const lines = diffLines(before, after).map(({kind, text}): AgentLine => {
    const [line] = indented(kind === 'added' || kind === 'removed' ? kind : 'detail', [signs[kind] + text])
    return {tone: 'detail', text: '', ...line, ...(signs[kind].trim() !== '' && {spoken: `${kind}: ${text}`})}
  })
  return [...indented('detail', [toPlainLine(String(path))]), ...lines]
}

/** An untrusted text as its lines. Pure. */
function textLines(text: unknown): string[] {
  return typeof text === 'string' && text !== '' ? linesOf(text) : []
}

function drawContent(content: unknown): AgentLine[] {
  return indented('detail', contentLines(content))
}

/** A content that a tool shows, as lines. Pure. */
export function contentLines(content: unknown): string[] {
  if (typeof content !== 'object' || content === null) return []
  const {type, text} = content as {type?: unknown; text?: unknown}
  return type === 'text' ? textLines(text) : [describeContent(content as Readonly<Record<string, unknown>>)]
}
