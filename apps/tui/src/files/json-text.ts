import {getNodeValue, parseTree, type Node, type ParseError} from 'jsonc-parser'

/** A text that a user has written: JSON, with comments and with commas behind last elements. */
export type JsonText =
  | {
      value: unknown
      /** The line of the key at a path, from 1; where there is none, that of the key above it. */
      lineOf: (path: readonly PropertyKey[]) => number
    }
  /** It is no such text from here on; counted from 1. */
  | {fault: {line: number; column: number}}

/** Pure. */
export function readJsonText(text: string): JsonText {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, {allowTrailingComma: true})
  const [error] = errors
  if (root === undefined || error !== undefined) {
    const lines = text.slice(0, error?.offset ?? 0).split('\n')
    return {fault: {line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1}}
  }
  return {
    value: getNodeValue(root),
    lineOf: (path) => text.slice(0, offsetOf(root, path)).split('\n').length,
  }
}

function offsetOf(root: Node, path: readonly PropertyKey[]): number {
  let [node, offset] = [root, root.offset]
  for (const key of path) {
    const property = findProperty(node, key)
    const [name, value] = property?.children ?? []
    if (name === undefined || value === undefined) break
    ;[node, offset] = [value, name.offset]
  }
  return offset
}

/** Of two keys of one name, the last one counts. */
function findProperty({type, children = []}: Node, key: PropertyKey): Node | undefined {
  return type === 'object' ? children.findLast(({children: [name] = []}) => name?.value === key) : undefined
}
