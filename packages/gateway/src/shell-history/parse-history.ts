/** A command in the history file of a shell. */
export interface ShellCommand {
  text: string
  /** When it was entered, epoch ms. @default the file does not say */
  at?: number | undefined
}

/** Reads the text of a history file, or the end of one. Parts that are broken are left out. Pure. */
export type ParseHistory = (end: HistoryEnd) => ShellCommand[]

export interface HistoryEnd {
  bytes: Buffer
  /** The bytes are the whole file. */
  isWhole: boolean
  /** The first bytes of the file. */
  start: Buffer
}

/** The parsers by the formats of `session.history-file`; each returns the oldest command first. */
export const historyParsers: Readonly<Record<string, ParseHistory>> = {bash: parseBash, zsh: parseZsh, fish: parseFish}

const bashTime = /^#(\d+)$/

/**
 * bash writes a line for each command, after a line with its time if HISTTIMEFORMAT is set. It reads commands of several lines only
 * from a file that begins with a time.
 */
function parseBash({bytes, isWhole, start}: HistoryEnd): ShellCommand[] {
  const isTimed = bashTime.test(linesOf(start)[0] ?? '')
  const commands: {lines: string[]; at: number | undefined}[] = []
  let at: number | undefined
  for (const line of linesOf(bytes).slice(isWhole ? 0 : 1)) {
    const time = bashTime.exec(line)?.[1]
    const last = commands.at(-1)
    if (time !== undefined) at = Number(time) * 1000
    else if (isTimed && at === undefined && last !== undefined) last.lines.push(line)
    // The rest of a command whose beginning is not in the bytes.
    else if (!isTimed || at !== undefined) commands.push({lines: [line], at})
    if (time === undefined) at = undefined
  }
  return commands.map(({lines, ...command}) => ({text: lines.join('\n'), ...command}))
}

const zshTime = /^: *(\d+):\d+;/

/** zsh ends each line of a command but the last with a backslash, and writes some bytes in two: 0x83, and the byte with bit 5 inverted. */
function parseZsh({bytes, isWhole}: HistoryEnd): ShellCommand[] {
  const commands: string[] = []
  let isContinued = false
  for (const line of linesOf(unmetafy(bytes)).slice(isWhole ? 0 : 1)) {
    if (isContinued) commands.push(`${commands.pop() ?? ''}\n${line}`)
    else commands.push(line)
    isContinued = line.endsWith('\\')
    if (isContinued) commands.push((commands.pop() ?? '').slice(0, -1))
  }
  return commands.map((command) => {
    // Before a colon that begins a command without a time, zsh writes a backslash.
    const [prefix = '', time] = zshTime.exec(command) ?? /^\\(?=:)/.exec(command) ?? []
    // After a backslash that ends a command, it writes a space.
    const text = command.slice(prefix.length).replace(/(\\ *) $/, '$1')
    return {text, at: time === undefined ? undefined : Number(time) * 1000}
  })
}

const meta = 0x83

function unmetafy(bytes: Buffer): Buffer {
  if (!bytes.includes(meta)) return bytes
  const plain = Buffer.alloc(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const isMeta = bytes[at] === meta && at + 1 < bytes.length
    plain[length++] = isMeta ? (bytes[++at] ?? 0) ^ 0x20 : (bytes[at] ?? 0)
  }
  return plain.subarray(0, length)
}

/** fish writes what resembles YAML: `- cmd: ` with newlines and backslashes escaped, then `  when: ` and perhaps `  paths:`. */
function parseFish({bytes, isWhole}: HistoryEnd): ShellCommand[] {
  const commands: ShellCommand[] = []
  for (const line of linesOf(bytes).slice(isWhole ? 0 : 1)) {
    const last = commands.at(-1)
    const time = /^ {2}when: (\d+)$/.exec(line)?.[1]
    if (line.startsWith('- cmd: ')) commands.push({text: unescapeFish(line.slice('- cmd: '.length))})
    else if (time !== undefined && last !== undefined) last.at = Number(time) * 1000
  }
  return commands
}

function unescapeFish(text: string): string {
  return text.replaceAll(/\\([\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : '\\'))
}

function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString('utf8').split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}
