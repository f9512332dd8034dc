import {outputText, type EventPayload, type SessionSummary} from '@holdfast/protocol'
import {createPlainOutput, toPlainLine, toPlainLines} from '@holdfast/terminal'
import {
  createAgentReader,
  describeClosed,
  describeElided,
  describeEnd,
  describeMark,
  describeShellExited,
  from,
  lostPart,
  wasWithdrawn,
} from '@holdfast/session-view'

import type {EventPrinter} from './event-printer.ts'

/**
 * Prints a session as Markdown: each prompt with its output and result. Output is plain text, indented so that nothing in it
 * is parsed as Markdown.
 */
export function createMarkdownPrinter(
  write: (text: string) => void,
  {id, title, agent, cwd, created_at}: SessionSummary,
): EventPrinter {
  let isInOutput = false
  let isLost = false
  const writeOutput = (text: string) => {
    for (const line of text.replace(/\n$/, '').split('\n')) {
      write(`${isInOutput ? '' : '\n'}${`    ${line}`.trimEnd()}\n`)
      isInOutput = true
    }
  }
  const output = createPlainOutput({write: writeOutput, colours: false, unfinished: false})
  const flush = () => {
    output.flush()
    isInOutput = false
  }
  const say = (text: string) => {
    flush()
    write(`\n${text}\n`)
  }

  const isOfShell = ({in_shell}: EventPayload<'message.start'>) => agent === 'shell' || in_shell === true
  const agentReader = createAgentReader()
  const facts = [`session ${id}`, agent, cwd, new Date(created_at).toISOString()]
  write(`# ${toMarkdownText(title)}\n\n${facts.map(toMarkdownText).join(' · ')}\n`)

  return {
    print(event) {
      const lines = agentReader.read(event)
      if (lines.length > 0) output.flush()
      if (lines.length > 0) writeOutput(lines.map(({text}) => text).join('\n'))
      if (event.type === 'event.lost' && !isLost) say(lostPart)
      isLost = event.type === 'event.lost'
      switch (event.type) {
        case 'message.start':
          say(
            `## Prompt${toMarkdownText(from(event.payload))}\n\n${fence(toPlainLines(event.payload.text), isOfShell(event.payload) ? 'sh' : 'text')}`,
          )
          break
        case 'message.delta':
        case 'background.output':
          output.add(outputText(event.payload))
          break
        case 'output.elided':
        case 'background.elided':
          say(describeElided(event.payload))
          break
        case 'message.complete':
          if (!wasWithdrawn(event.payload)) say(toMarkdownText(describeEnd(event.payload)))
          break
        case 'shell.exited':
          say(toMarkdownText(describeShellExited(event.payload)))
          break
        case 'session.marked':
          say(toMarkdownText(describeMark(event.payload)))
          break
        case 'note':
          say(toMarkdownText(event.payload.text))
          break
        case 'session.closed':
          say(toMarkdownText(describeClosed(event.payload)))
          break
      }
    },
    flush,
  }
}

/** The fence is longer than any in the text. */
function fence(lines: readonly string[], language: string): string {
  const longest = Math.max(2, ...lines.map((line) => /^ *(`+)/.exec(line)?.[1]?.length ?? 0))
  const mark = '`'.repeat(longest + 1)
  return [`${mark}${language}`, ...lines, mark].join('\n')
}

/** Escapes plain text as one line of Markdown. */
function toMarkdownText(text: string): string {
  return toPlainLine(text).replace(/[\\`*_{}[\]<>#|~]/g, String.raw`\$&`)
}
