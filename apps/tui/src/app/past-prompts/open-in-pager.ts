import {mkdtemp, open, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import type {Client} from '@holdfast/client'
import {formatBytes} from '@holdfast/session-view'

import {createTranscriptPrinter} from '../../export/transcript-printer.ts'
import type {PastPrompt} from '../../past-prompts/find-past-prompt.ts'
import {readSpan} from '../../past-prompts/read-past-prompt.ts'
import {runCommandLine} from '../../process/run-command-line.ts'
import type {LendTerminal} from '../../ui/suspension.ts'

export interface OpenInPagerOptions {
  client: Pick<Client, 'request'>
  sessionId: string
  lend: LendTerminal
  setNotice: (notice: string | undefined) => void
  /** The command that prints the session from the prompt on. */
  showCommand: string
}

/** The most that a pager gets, UTF-16 units. */
const maxLength = 32 * 1024 * 1024

/**
 * Opens a past prompt with its output, in colours, in the user's pager on this terminal: `$PAGER`, else `less`. The file from which the
 * pager reads is private, and is removed at the end.
 */
export async function openInPager(prompt: PastPrompt, options: OpenInPagerOptions): Promise<void> {
  const {client, sessionId, lend, setNotice, showCommand} = options
  // An empty variable is none.
  const pager = process.env['PAGER'] || 'less'
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-output-'))
  const path = join(folder, 'output')
  try {
    await writeOutput(path, {prompt, client, sessionId, showCommand})
    await lend(async () => {
      const {isNotFound} = await runCommandLine(`export LESS="\${LESS-R}"; cat "$1" | ${pager}`, path)
      if (isNotFound) setNotice(`There is no pager \`${pager}\`: set $PAGER to one`)
    })
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

async function writeOutput(
  path: string,
  {
    prompt,
    client,
    sessionId,
    showCommand,
  }: Pick<OpenInPagerOptions, 'client' | 'sessionId' | 'showCommand'> & {
    prompt: PastPrompt
  },
): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    let text = ''
    let length = 0
    const printer = createTranscriptPrinter((data) => void (text += String(data)), {isTerminal: true, isLive: false})
    const span = {afterSeq: prompt.startSeq - 1, beforeSeq: prompt.endSeq + 1}
    for await (const page of readSpan(client, sessionId, span)) {
      for (const event of page) printer.print(event, event)
      length += text.length
      await file.appendFile(text)
      text = ''
      if (length < maxLength) continue
      await file.appendFile(`\n… The rest is left out after ${formatBytes(length)}. All of it: ${showCommand}\n`)
      return
    }
    printer.flush()
    await file.appendFile(text)
  } finally {
    await file.close()
  }
}
