import {RpcError, rpcErrorCodes} from '@holdfast/rpc'
import {encodeKeys} from '@holdfast/terminal'

import type {Session} from './session.ts'

/**
 * Presses keys in the running program, as its terminal would send them in its present modes. Rejects with an `RpcError`: `notAllowed`
 * if no program is running, -32602 for a combination that no terminal sends.
 */
export async function pressKeys(
  session: Pick<Session, 'attachments' | 'input'>,
  keys: readonly string[],
  promptId: string | undefined,
): Promise<void> {
  const {modes, promptId: running} = await session.attachments.snapshot()
  session.input(Buffer.from(encode(keys, modes.applicationCursor)), promptId ?? running)
}

function encode(keys: readonly string[], applicationCursor: boolean): string {
  try {
    return encodeKeys(keys, {applicationCursor})
  } catch (error) {
    throw new RpcError(rpcErrorCodes.invalidParams, (error as TypeError).message)
  }
}
