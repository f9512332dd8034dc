import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {isShellError, type ShellError} from '@holdfast/shell'

const codes: Partial<Record<ShellError['code'], number>> = {
  'input-overflow': errorCodes.tooLarge,
  'not-permitted': errorCodes.notAllowed,
}

/** Does work in a terminal. What the terminal refuses is an `RpcError`, for the client that asked for it. */
export function withRpcErrors<Value>(work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    const code = isShellError(error) ? codes[error.code] : undefined
    throw code === undefined ? error : new RpcError(code, (error as ShellError).message)
  }
}
