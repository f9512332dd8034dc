/** A notification as text, made of its params as JSON. */
export function encodeNotification(method: string, json: string): string {
  return `${beginOf(method)}${json}}`
}

/**
 * The params, as JSON on one line, of a notification that came as `text`; `undefined` where that was not written as
 * `encodeNotification` does. Whatever else it may hold behind the params: made a notification again, it is what came.
 */
export function jsonOfNotification(method: string, text: string | undefined): string | undefined {
  const begin = beginOf(method)
  const isOurs = text !== undefined && text.startsWith(begin) && text.endsWith('}') && !text.includes('\n')
  return isOurs ? text.slice(begin.length, -1) : undefined
}

function beginOf(method: string): string {
  return `{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":`
}
