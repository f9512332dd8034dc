import {existsSync} from 'node:fs'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {maxPromptBytes} from '@holdfast/protocol'

import {readSmallFile} from '../../files/read-small-file.ts'
import {runCommandLine} from '../../process/run-command-line.ts'
import type {LendTerminal} from '../../ui/suspension.ts'

export interface EditInEditorOptions {
  lend: LendTerminal
  setNotice: (notice: string) => void
}

/**
 * Opens a text in the user's editor on this terminal. Resolves to the edited text, without the line end that editors add; to
 * `undefined` if the editor failed, or if its file cannot be read, which a notice says. The file is private; it is removed unless it
 * has a text that was not read.
 */
export async function editInEditor(text: string, {lend, setNotice}: EditInEditorOptions): Promise<string | undefined> {
  // An empty variable is none.
  const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi'
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-edit-'))
  const file = join(folder, 'prompt.sh')
  let edited: string | undefined
  let isUnread = false
  const read = async () => {
    try {
      edited = (await readSmallFile(file, {maxBytes: maxPromptBytes})).text.replace(/\n$/, '')
    } catch (error) {
      isUnread = existsSync(file)
      if (!isUnread || !(error instanceof Error)) throw error
      setNotice(`The edited text was not read (${error.message}): it is in ${file}`)
    }
  }
  try {
    await writeFile(file, text === '' ? '' : `${text}\n`, {mode: 0o600})
    await lend(async () => {
      const {code, signal, isNotFound} = await runCommandLine(`${editor} "$1"`, file)
      if (code === 0) await read()
      else if (isNotFound) setNotice(`There is no editor \`${editor}\`: set $VISUAL or $EDITOR to one`)
      else setNotice(`The editor ended with ${signal ?? `exit status ${code}`}: the draft is as it was`)
    })
  } finally {
    if (!isUnread) await rm(folder, {recursive: true, force: true})
  }
  return edited
}
