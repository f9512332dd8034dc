import {dirname, resolve} from 'node:path'

import * as z from 'zod'

import {onlyKeys} from '../files/only-keys.ts'
import {readRegularFile, UnexpectedFileError} from '../files/read-small-file.ts'
import {userFolder} from '../process/user-folder.ts'
import {readJsonText} from '../files/json-text.ts'
import {isThemeName, themeNames, type ThemeChoice, type ThemeName} from './choose-theme.ts'
import {namedColors, tokens, type Color, type Style, type Token} from './theme.ts'

/** A larger file is no theme, bytes. */
const maxBytes = 64 * 1024

const color = z.custom<Color>(
  (value) => typeof value === 'string' && (isNamedColor(value) || /^#[\da-f]{6}$/i.test(value)),
  `expected a colour: \`#rrggbb\`, or one of ${namedColors.join(', ')}`,
)
const flag = z.boolean().optional()
const style = onlyKeys({
  color: color.optional(),
  background: color.optional(),
  bold: flag,
  dim: flag,
  italic: flag,
  underline: flag,
  inverse: flag,
}).transform((read): Style => {
  const set = Object.entries(read).filter(([, value]) => value !== undefined)
  return Object.fromEntries(set)
})
const base = z.enum(themeNames, {error: `expected one of ${themeNames.join(', ')}`})

export interface ReadTheme {
  choice: ThemeChoice
  /** One sentence for each problem; a token with a problem is drawn as in the theme that the file extends. */
  problems: readonly string[]
}

/** Reads the theme of the setting `theme`; a relative path is one in the folder of the settings file. Never throws. */
export function readTheme(setting: string, settingsFile: string): ReadTheme {
  if (isThemeName(setting)) return {choice: {name: setting, styles: {}}, problems: []}
  const file = resolve(
    dirname(settingsFile),
    setting.replace(/^~(?=\/)/, () => userFolder()),
  )
  try {
    return parseTheme(readRegularFile(file, maxBytes), file)
  } catch (error) {
    const why = error instanceof UnexpectedFileError ? error.message : (error as NodeJS.ErrnoException).code
    return withoutStyles(`the theme ${file} cannot be read: ${why}`)
  }
}

/** Parses a theme; `file` is named in problems. Pure. */
export function parseTheme(text: string, file: string): ReadTheme {
  const json = readJsonText(text)
  if ('fault' in json) {
    const {line, column} = json.fault
    return withoutStyles(`the theme ${file} is ignored: it is not JSON at line ${line}, column ${column}`)
  }
  const {value, lineOf} = json
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return withoutStyles(`the theme ${file} is ignored: expected an object such as {"accent": {"color": "#8ab8ff"}}`)

  const problems: string[] = []
  const report = (path: readonly PropertyKey[], problem: string) =>
    void problems.push(`\`${path.map(String).join('.')}\` in ${file}, line ${lineOf(path)}${problem}`)
  const check = <Out>(key: string, schema: z.ZodType<Out>, given: unknown): Out | undefined => {
    const read = schema.safeParse(given)
    if (read.success) return read.data
    const [issue] = read.error.issues
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
    report([key, ...(issue?.path ?? []), ...unknown], `: ${issue?.message}`)
    return undefined
  }

  let name: ThemeName = 'auto'
  const styles: Partial<Record<Token, Style>> = {}
  for (const [key, given] of Object.entries(value)) {
    if (key === 'extends') name = check(key, base, given) ?? name
    else if (!isToken(key)) report([key], `, is not drawn; what is drawn is ${Object.keys(tokens).join(', ')}`)
    else {
      const read = check(key, style, given)
      if (read !== undefined) styles[key] = read
    }
  }
  return {choice: {name, styles}, problems}
}

function withoutStyles(problem: string): ReadTheme {
  return {choice: {name: 'auto', styles: {}}, problems: [problem]}
}

function isToken(key: string): key is Token {
  return Object.hasOwn(tokens, key)
}

function isNamedColor(value: string): boolean {
  return (namedColors as readonly string[]).includes(value)
}
