import {RpcError, rpcErrorCodes} from '@holdfast/rpc'
import {encodeKeys, encodePaste} from '@holdfast/terminal'

import type {Session} from './session.ts'

type TypedSession = Pick<Session, 'attachments' | 'input'>

/**
 * Presses keys in the running program, as its terminal would send them in its present modes. Resolves to the version of the screen
 * before them. Rejects with an `RpcError`: `notAllowed` if no program is running, -32602 for a combination that no terminal sends.
 */
export async function pressKeys(
  session: TypedSession,
  keys: readonly string[],
  promptId: string | undefined,
): Promise<number> {
  const {modes, promptId: running} = await session.attachments.snapshot()
  return type(session, Buffer.from(encode(keys, modes.applicationCursor)), promptId ?? running)
}

/** Pastes a text into the running program, bracketed if it has asked for that. Otherwise as `pressKeys`. */
export async function pasteText(
  session: TypedSession,
  text: string,
  promptId: string | undefined,
): Promise<{screenVersion: number; isBracketed: boolean}> {
  const {modes, promptId: running} = await session.attachments.snapshot()
  const isBracketed = modes.bracketedPaste
  const screenVersion = type(session, Buffer.from(encodePaste(text, {isBracketed})), promptId ?? running)
  return {screenVersion, isBracketed}
}

/** Types bytes into the running program, for a client that drives it. Otherwise as `pressKeys`. */
export async function typeBytes(
  session: TypedSession,
  data: Uint8Array,
  promptId: string | undefined,
): Promise<number> {
  const {promptId: running} = await session.attachments.snapshot()
  return type(session, data, promptId ?? running)
}

function type(session: TypedSession, data: Uint8Array, promptId: string): number {
  const {version} = session.attachments
  session.attachments.noteKeys()
  session.input(data, promptId)
  return version
}

function encode(keys: readonly string[], applicationCursor: boolean): string {
  try {
    return encodeKeys(keys, {applicationCursor})
  } catch (error) {
    throw new RpcError(rpcErrorCodes.invalidParams, (error as TypeError).message)
  }
}
