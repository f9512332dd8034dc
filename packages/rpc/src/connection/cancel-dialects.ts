import type {CancelDialect} from './connection.ts'

/** The notification of each dialect, and the param that has the id of the request. */
export const cancelDialects: Readonly<Record<CancelDialect, {method: string; param: string}>> = {
  lsp: {method: '$/cancelRequest', param: 'id'},
  acp: {method: '$/cancel_request', param: 'requestId'},
}

/** The id of the request that a notification cancels; `undefined` for other notifications. */
export function cancelledBy(method: string, params: unknown): {id: unknown} | undefined {
  // Most notifications are none: one comparison for each message.
  if (!method.startsWith('$/cancel')) return undefined
  const found = Object.values(cancelDialects).find((dialect) => dialect.method === method)
  return found && {id: (params as Record<string, unknown> | undefined)?.[found.param]}
}
