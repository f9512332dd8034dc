import {resolve} from 'node:path'

import type {Client, ClientSession} from '@holdfast/client'
import type {Composer} from '@holdfast/ink-composer'

import {exportToFile} from '../../export/export-session.ts'
import {findPastPrompt, findPromptOf, type PastPrompt} from '../../past-prompts/find-past-prompt.ts'
import {readAllOutput, readOutputEnds} from '../../past-prompts/read-output-lines.ts'
import {currentFolder} from '../../process/current-folder.ts'
import {maxCopiedBytes, readLastOutput} from '../../sessions/read-last-output.ts'
import type {PastPromptPanel} from '../../slash-commands/slash-command.ts'
import {copyToClipboard} from '../../ui/clipboard.ts'
import {
  createPastPromptOverlay,
  findLine,
  type FoundLine,
  type PastPromptActions,
} from '../../ui/past-prompts/past-prompt-overlay.ts'
import {pastPromptOverlayId} from '../../ui/past-prompts/past-prompt-view.ts'
import type {ScreenModel} from '../../ui/screen-model.ts'
import {shownFolder} from '../../ui/shown-folder.ts'
import type {LendTerminal} from '../../ui/suspension.ts'
import {openInPager} from './open-in-pager.ts'

export interface PastPromptPanelOptions {
  client: Client
  session: () => ClientSession | undefined
  model: ScreenModel
  composer: Pick<Composer, 'open' | 'restore' | 'view'>
  /** The `id` of the overlay that the terminal shows. */
  shownOverlay: () => string | undefined
  lend: LendTerminal
  /** Submits a prompt. */
  submit: (text: string) => void
  writeToTerminal: (sequence: string) => void
  showCommand: (sessionId: string, afterSeq: number) => string
  reportError: (error: unknown) => void
}

export function createPastPromptPanel(options: PastPromptPanelOptions): PastPromptPanel {
  const {client, session, model, composer, lend, submit, writeToTerminal, showCommand, shownOverlay, reportError} =
    options
  const showFolder = (folder: string) => shownFolder(model.snapshot.machine, folder)
  /** What is about to open. `steps`: how often the key was pressed again meanwhile. */
  let opening: {line: FoundLine | undefined; steps: number} | undefined

  const actionsFor = (id: string): PastPromptActions => {
    const report = (work: Promise<void>) => void work.catch(reportError)
    const copyOutput = async (prompt: PastPrompt) => {
      const output = await readLastOutput(client, id, prompt)
      model.setNotice(output === undefined ? 'It has no output to copy' : copyToClipboard(output, writeToTerminal))
    }
    const copyCommand = ({text}: PastPrompt) => {
      if (Buffer.byteLength(text) > maxCopiedBytes) return model.setNotice('Too long to copy: e edits it')
      model.setNotice(copyToClipboard({text, isWhole: true}, writeToTerminal))
    }
    const writeFile = async (prompt: PastPrompt) => {
      const path = resolve(currentFolder(), `holdfast-${id}-${prompt.startSeq}.md`)
      const part = {afterSeq: prompt.startSeq - 1, beforeSeq: prompt.endSeq + 1}
      await exportToFile(client, id, 'markdown', path, part)
      model.setNotice(`Written to ${path}`)
    }
    const open = (prompt: PastPrompt) =>
      openInPager(prompt, {
        client,
        sessionId: id,
        lend,
        setNotice: model.setNotice,
        showCommand: showCommand(id, prompt.startSeq - 1),
      })
    return {
      find: (place, signal) => findPastPrompt(client, id, place, signal),
      readEnds: (prompt, signal) => readOutputEnds(client, id, prompt, signal),
      readAll: (prompt, signal) => readAllOutput(client, id, prompt, signal),
      open: (prompt) => report(open(prompt)),
      copyOutput: (prompt) => report(copyOutput(prompt)),
      copyCommand,
      runAgain: ({text}) => submit(text),
      edit: ({text}) => composer.restore(text),
      exportToFile: (prompt) => report(writeFile(prompt)),
      reportError,
    }
  }

  /** Resolves to `false` if there is nothing to show, or the user has gone on typing before a line was read. */
  const openAtPrompt = async (
    find: (id: string) => Promise<PastPrompt | undefined>,
    line?: FoundLine,
  ): Promise<boolean> => {
    const id = session()?.id
    if (id === undefined) return true
    if (opening !== undefined && line === undefined) {
      if (opening.line === undefined) opening.steps += 1
      return true
    }
    const mine = (opening = {line, steps: 0})
    if (line !== undefined) model.setNotice('Reading the output …')
    const draft = composer.view.draft.text
    try {
      const actions = actionsFor(id)
      const {signal} = new AbortController()
      const prompt = await find(id)
      if (prompt === undefined) return false
      const output = await (line === undefined ? actions.readEnds(prompt, signal) : actions.readAll(prompt, signal))
      if (opening !== mine || session()?.id !== id) return true
      // What was typed meanwhile is for the prompt, and so is what follows it.
      if (composer.view.draft.text !== draft) return line === undefined
      const hits = line && findLine(line, output.lines)
      // The output is so long that the panel keeps only its beginning, and the line is not in that.
      if (line !== undefined && hits === undefined && output.gapAt !== undefined) return false
      composer.open((host) =>
        createPastPromptOverlay({
          host,
          prompt,
          output,
          hits,
          actions,
          size: () => model.snapshot.size,
          showFolder,
          isShown: () => shownOverlay() === pastPromptOverlayId,
          isRunning: () => model.snapshot.session?.running != null,
          steps: mine.steps,
        }),
      )
      return true
    } finally {
      if (opening === mine) {
        opening = undefined
        if (line !== undefined) model.setNotice(undefined)
      }
    }
  }

  return {
    async open() {
      const isFound = await openAtPrompt((id) => findPastPrompt(client, id, {beforeSeq: Number.MAX_SAFE_INTEGER}))
      if (!isFound) model.setNotice('No command has ended in this session yet')
    },
    openAt: (line) => openAtPrompt((id) => findPromptOf(client, id, line), line),
  }
}
