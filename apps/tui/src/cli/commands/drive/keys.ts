import {maxPasteBytes} from '@holdfast/protocol'

import {readSmallFile, UnexpectedFileError} from '../../../files/read-small-file.ts'
import {readStandardInput} from '../../../process/standard-input.ts'
import {UserError} from '../../../process/user-error.ts'
import type {GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

export interface KeysOptions {
  /** Press them in the program of this prompt. @default the running one */
  prompt?: string
  /** A file whose text is pasted before the keys, `-` for stdin. @default nothing */
  paste?: string
  gateway: GatewayChoice
}

/** How long a pipe may take to deliver what is pasted, ms. */
const maxPipeMs = 30_000

/** Pastes a text, and presses keys, in the program that runs in a session. */
export async function pressKeys(id: string, keys: readonly string[], options: KeysOptions): Promise<Answer> {
  const {prompt, paste, gateway} = options
  expectSessionId(id)
  const text = paste === undefined ? undefined : await readText(paste)
  const program = {session_id: id, ...(prompt !== undefined && {prompt_id: prompt})}
  return await withClient(gateway, async (client) => {
    const pasted = text === undefined ? undefined : await client.request('session.paste', {...program, text})
    const pressed = keys.length === 0 ? undefined : await client.request('session.keys', {...program, keys: [...keys]})
    // A wait for what came of them begins with the first.
    return {result: {...pressed, ...pasted}}
  })
}

async function readText(file: string): Promise<string> {
  if (file === '-') return await readStandardInput(maxPasteBytes)
  try {
    return (await readSmallFile(file, {maxBytes: maxPasteBytes, maxPipeMs})).text
  } catch (error) {
    const {message, code} = error as NodeJS.ErrnoException
    const why = error instanceof UnexpectedFileError ? message : code === 'ENOENT' ? 'there is no such file' : code
    throw new UserError(`\`${file}\` cannot be pasted: ${why}`, {code: 'usage', cause: error})
  }
}
