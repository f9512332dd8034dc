import type {Block} from '@holdfast/markdown/blocks'

export type MarkdownGroup =
  | {kind: 'text'; block: Block & {kind: 'text'}}
  | {kind: 'code'; language: string; lines: readonly string[]}
  | {kind: 'list'; items: readonly MarkdownItem[]}

export interface MarkdownItem {
  /** Lists around it: 1 for an item of the outermost one; 4 at most. */
  depth: number
  /** `•`, `1.` or `☒`. */
  marker: string
  groups: readonly MarkdownGroup[]
}

const maxDepth = 4

/** Blocks as a page has them: lines of code together, items of a list together. Pure. */
export function groupBlocks(blocks: readonly Block[]): MarkdownGroup[] {
  const groups: MarkdownGroup[] = []
  let items: {depth: number; marker: string; groups: MarkdownGroup[]}[] | undefined
  for (const block of blocks) {
    if (block.indent === 0) {
      items = undefined
      put(groups, block)
      continue
    }
    if (items === undefined) {
      items = []
      groups.push({kind: 'list', items})
    }
    const marker = block.markers.trim()
    // What an item has after its first block has no marker, and is as far indented.
    if (marker !== '' || items.length === 0) {
      items.push({depth: Math.min(maxDepth, depthOf(block.markers)), marker: lastMarker(marker), groups: []})
    }
    put(items.at(-1)!.groups, block)
  }
  return groups
}

function put(groups: MarkdownGroup[], block: Block): void {
  if (block.kind === 'text') return void groups.push({kind: 'text', block})
  const last = groups.at(-1)
  if (!block.isFirst && last?.kind === 'code') groups[groups.length - 1] = {...last, lines: [...last.lines, block.line]}
  else groups.push({kind: 'code', language: block.language, lines: [block.line]})
}

/** Each list takes two columns or more. */
function depthOf(markers: string): number {
  return 1 + Math.floor((/^ */.exec(markers)?.[0].length ?? 0) / 2)
}

/** An item that begins with another one has the markers of both. */
function lastMarker(markers: string): string {
  return markers.split(/\s+/).at(-1) ?? ''
}
