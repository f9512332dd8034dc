/* oxlint-disable no-control-regex -- control sequences are what this file is about */
import {luminanceOf} from './luminance.ts'

/** The colours of a terminal, `0xrrggbb`. */
export interface TerminalColors {
  text?: number | undefined
  background: number
}

/** Whether texts on the background are light. Pure. */
export function isDark({text, background}: TerminalColors): boolean {
  // With this luminance, black and white have the same contrast.
  const least = text === undefined ? 0.179 : luminanceOf(text)
  return luminanceOf(background) < least
}

/** The answer of a terminal to a query for one of its colours (OSC 10, OSC 11). */
export interface ColorReport {
  of: 'text' | 'background'
  color: number
}

/** `rgb:RRRR/GGGG/BBBB` with one to four digits each, as XParseColor reads it, with or without alpha, or `#RRGGBB`. */
const report =
  /^\u001b\](1[01]);(?:rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?|#([\da-f]{6}))(?:\u0007|\u009c|\u001b\\)$/i

/** Reads the answer; `undefined` for any other sequence. Pure. */
export function readColorReport(sequence: string): ColorReport | undefined {
  const [, code, ...parts] = report.exec(sequence) ?? []
  if (code === undefined) return undefined
  const whole = parts.pop()
  const color =
    whole === undefined
      ? parts.reduce((sum, part) => sum * 256 + Math.round((parseInt(part, 16) / (16 ** part.length - 1)) * 255), 0)
      : parseInt(whole, 16)
  return {of: code === '10' ? 'text' : 'background', color}
}

/**
 * The colours that `$COLORFGBG` names, such as `15;0` or `0;default;15`: rxvt, Konsole and others set it. Its numbers are of a palette that is not known,
 * so they tell only dark from light. Pure.
 */
export function readColorVariable({
  COLORFGBG,
}: Readonly<Record<string, string | undefined>>): TerminalColors | undefined {
  const background = /^\d+;(?:\w+;)?(\d+)$/.exec(COLORFGBG ?? '')?.[1]
  if (background === undefined || Number(background) > 15) return undefined
  // White and the bright colours but for bright black.
  return {background: Number(background) === 7 || Number(background) > 8 ? 0xff_ff_ff : 0}
}
