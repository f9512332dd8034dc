import {styleText} from 'node:util'
import {toPlainLines} from '@holdfast/terminal'

import {describeEnd} from '../../format/outcomes.ts'
import type {Blocks} from './block.ts'

/** `❯ command`, after an empty line. */
export function drawRunBegin({text}: Blocks['run-begin']): string[] {
  const lines = toPlainLines(text).map(
    (line, index) => `${styleText('cyan', index === 0 ? '❯' : '…')} ${styleText('bold', line)}`,
  )
  return ['', ...lines]
}

/** `✓ 1.2 s` */
export function drawRunEnd(payload: Blocks['run-end']): string[] {
  const {status, exit_code} = payload
  const color = status === 'interrupted' ? 'yellow' : status === 'complete' && !exit_code ? 'green' : 'red'
  return [styleText(color, describeEnd(payload))]
}

/** `… 4,812 lines collapsed · Ctrl-] expands them` */
export function drawCollapsed({lines, key}: Blocks['collapsed']): string[] {
  return [styleText('dim', `… ${count(lines)} collapsed · ${key} expands ${lines === 1 ? 'it' : 'them'}`)]
}

/** `4,812 lines` */
export function count(lines: number): string {
  return `${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'}`
}
