import {constants} from 'node:os'

import {RpcError, rpcErrorCodes} from '@holdfast/rpc'

const {signals} = constants

/** The signal that a user names: `TERM`, `SIGINT`, `int`, or its number on this system. Throws an `RpcError` for any other text. */
export function readSignal(text: string): NodeJS.Signals {
  const upper = text.toUpperCase()
  const names = Object.keys(signals) as NodeJS.Signals[]
  const found = names.find((each) => each === upper || each === `SIG${upper}` || String(signals[each]) === text)
  if (found !== undefined) return found
  throw new RpcError(rpcErrorCodes.invalidParams, `Expected a signal such as TERM, SIGINT or 15, got \`${text}\``)
}
