/**
 * The line, from 1, of the key at a path in a text that is JSON; where there is none, that of the key above it. An element of an
 * array is on the line of its array. Pure.
 */
export function findJsonLine(text: string, path: readonly PropertyKey[]): number {
  /** The last key of each object and array around the token; arrays have none. */
  const open: (string | undefined)[] = []
  let [at, depth] = [0, 0]
  for (const {0: token, 1: string = '', 2: colon, index} of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      open[open.length - 1] = JSON.parse(string) as string
      if (open.length < depth || !open.every((key, level) => key !== undefined && key === path[level])) continue
      ;[at, depth] = [index, open.length]
    }
  }
  return text.slice(0, at).split('\n').length
}
