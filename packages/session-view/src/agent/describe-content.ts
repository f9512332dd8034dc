import {toPlainLine} from '@holdfast/terminal/plain'

/** A content that is not text, as its name or its kind: `[image/png]`, `[file.txt]`. Pure. */
export function describeContent(content: Readonly<Record<string, unknown>>): string {
  const resource = content['resource'] as Readonly<Record<string, unknown>> | null | undefined
  const uri = content['uri'] ?? resource?.['uri']
  const names = [content['name'], lastPart(uri), content['mimeType'], content['type']]
  const name = names.find((found): found is string => typeof found === 'string' && found !== '')
  return `[${toPlainLine(name ?? 'content').slice(0, maxNameLength)}]`
}

/** UTF-16 units. */
const maxNameLength = 120

function lastPart(uri: unknown): string | undefined {
  return typeof uri === 'string' ? uri.slice(uri.lastIndexOf('/') + 1) : undefined
}
