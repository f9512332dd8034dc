import {join} from 'node:path'

import type {Answerer, Prompt} from '../schedule/schedule.ts'

const command = join(import.meta.dirname, 'command.sh')

/** What is submitted for a prompt. The agent understands what command.sh gets as arguments. */
export function textOf(prompt: Prompt, version: 1 | 2, answerer: Answerer): string {
  const words = [prompt.id, version, prompt.does, ...argsOf(prompt)].join(' ')
  return answerer === 'agent' ? words : `sh ${command} ${words}`
}

function argsOf(prompt: Prompt): readonly number[] {
  switch (prompt.does) {
    case 'print':
      return [prompt.lines, prompt.pause]
    case 'flood':
      return [prompt.lines]
    case 'tool':
      return [prompt.seconds]
    default:
      return []
  }
}
