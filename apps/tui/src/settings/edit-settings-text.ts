import {applyEdits, findNodeAtLocation, parseTree, type Edit, type Node} from 'jsonc-parser'

/** The text of a settings file with another value at a path. All else stays as it is, byte for byte. Pure. */
export function setInText(text: string, [key, ...rest]: readonly string[], value: unknown): string {
  const root = parseTree(text)
  if (root === undefined || key === undefined) throw new Error('Expected the text of an object, and a path')
  const path = [key, ...rest]
  const old = findNodeAtLocation(root, path)
  if (old !== undefined) return applyEdits(text, [{offset: old.offset, length: old.length, content: toJson(value)}])
  // An entry of a setting that the file does not have yet comes with it.
  const parent = rest.length === 0 ? root : findNodeAtLocation(root, [key])
  if (parent?.type !== 'object') return setInText(text, [key], nest(rest, value))
  const name = path.at(-1) ?? key
  return applyEdits(text, insertions(text, parent, `${JSON.stringify(name)}: ${toJson(value)}`))
}

/** The same without the value at a path, its key and a comment behind it. Pure. */
export function unsetInText(text: string, path: readonly string[]): string {
  const root = parseTree(text)
  const property = root && findNodeAtLocation(root, [...path])?.parent
  const siblings = property?.parent?.children ?? []
  if (property === undefined) return text
  const index = siblings.indexOf(property)
  const [previous, next] = [siblings[index - 1], siblings[index + 1]]
  const start = next === undefined && previous !== undefined ? endOf(previous) : property.offset
  const end = next?.offset ?? endOf(property)
  return applyEdits(text, [{offset: start, length: end - start, content: ''}])
}

function endOf({offset, length}: Node): number {
  return offset + length
}

function nest(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, key) => ({[key]: inner}), value)
}

/** In one line, as a user would write it: `{"a": 1, "b": [2, 3]}`. */
function toJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toJson).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${toJson(inner)}`)
  return `{${entries.join(', ')}}`
}

/** Puts a property behind the last one of an object and its comment, on a line of its own if that is on one. */
function insertions(text: string, parent: Node, property: string): Edit[] {
  const last = parent.children?.at(-1)
  if (last === undefined) {
    const content = parent.parent === undefined ? `{\n  ${property}\n}` : `{${property}}`
    return [{offset: parent.offset, length: parent.length, content}]
  }
  const end = endOf(last)
  const [, indent = ' '] = /(\r?\n[ \t]*)$/.exec(text.slice(0, last.offset)) ?? []
  const [behind = '', comma = ''] = /^(,?)(?:[ \t]*(?:\/\/[^\r\n]*|\/\*[^]*?\*\/))?/.exec(text.slice(end)) ?? []
  return [
    {offset: end, length: 0, content: comma === '' ? ',' : ''},
    {offset: end + behind.length, length: 0, content: indent + property + comma},
  ]
}
