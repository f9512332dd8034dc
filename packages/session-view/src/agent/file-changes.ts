/** The change of a file, as a tool of an agent reported it. Untrusted text. */
export interface FileChange {
  path: string
  /** Empty for a new file. */
  before: string
  after: string
}

/** The changes of files among the content of a tool. Pure. */
export function changesOf(content: readonly Readonly<Record<string, unknown>>[]): FileChange[] {
  return content.flatMap(({type, path, oldText, newText}) =>
    type === 'diff' ? [{path: String(path), before: textOf(oldText), after: textOf(newText)}] : [],
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Changes that continue each other are one; those of a file stand together. Pure. */
export function joinChanges(changes: readonly FileChange[]): FileChange[] {
  const byFile = new Map<string, FileChange[]>()
  for (const change of changes) {
    const known = byFile.get(change.path) ?? []
    const last = known.at(-1)
    if (last !== undefined && last.after === change.before) known[known.length - 1] = {...last, after: change.after}
    else known.push(change)
    byFile.set(change.path, known)
  }
  return [...byFile.values()].flat().filter(({before, after}) => before !== after)
}
