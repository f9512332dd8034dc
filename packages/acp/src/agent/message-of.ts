import {isRpcError} from '@holdfast/rpc'

/** The longest text of the data of an error that is shown, characters. */
const MAX_DETAILS = 500

/** What an error says. Some agents answer `Internal error`, and say only in its data what went wrong. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const details = isRpcError(error) ? detailsOf(error.data)?.slice(0, MAX_DETAILS) : undefined
  return details === undefined || error.message.includes(details) ? error.message : `${error.message}: ${details}`
}

function detailsOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return typeof data === 'string' ? data : undefined
  const {message, details} = data as {message?: unknown; details?: unknown}
  return [message, details].find((text) => typeof text === 'string')
}
