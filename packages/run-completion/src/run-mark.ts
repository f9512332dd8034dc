/**
 * What a hooked shell prints, in the manner of OSC 133:
 *
 *     ESC ] 7133 ; <nonce> ; start BEL                           a command begins
 *     ESC ] 7133 ; <nonce> ; over ; <status> BEL                 it is over; what follows is the shell's, up to its end mark
 *     ESC ] 7133 ; <nonce> ; end ; <status> ; <folder> BEL       the shell is back, before its next prompt
 *     ESC ] 7133 ; <nonce> ; prompt ; <status> ; <folder> BEL    the same, and it takes the next command
 *     ESC ] 7133 ; <nonce> ; more BEL                            it wants the rest of an unfinished command
 *     ESC ] 7133 ; <nonce> ; drawn BEL                           its prompt has been printed
 *     ESC ] 7133 ; <nonce> ; incomplete BEL                      it has thrown away an unfinished command
 *     ESC ] 7133 ; <nonce> ; invalid BEL                         what follows is its complaint about a command
 *     ESC ] 7133 ; <nonce> ; unhooked BEL                        an answer: it will print no end marks any more
 *     ESC ] 7133 ; <nonce> ; here BEL                            an answer: all that was typed before has been read
 *
 * The folder is the last field; its `%` and control characters are percent-encoded.
 */
export type RunMark = {kind: Word | 'over'} | {kind: 'end' | 'prompt'; exitCode: number; cwd: string}

/** A mark that is longer is none: a path of 4096 bytes, each percent-encoded, fits. */
export const MAX_MARK_BYTES = 16_384

/** What every mark of this shell begins with, in the escapes that `printf` and bash's prompts know. */
export function escapedMarkPrefix(nonce: string): string {
  return `\\e]7133;${nonce};`
}

/** The same as bytes. */
export function markPrefix(nonce: string): Buffer {
  return Buffer.from(`\x1b]7133;${nonce};`)
}

/** Reads what stands between prefix and BEL; undefined if that is no mark. */
export function decodeMark(body: Buffer): RunMark | undefined {
  const text = body.toString('latin1')
  if (isWord(text)) return {kind: text}
  // Its status makes it another text than the variable in which the shell has it.
  if (/^over;\d{1,3}$/.test(text)) return {kind: 'over'}
  const end = /^(end|prompt);(\d{1,3});([ -~\x80-\xff]*)$/.exec(text)
  if (!end) return undefined
  return {kind: end[1] as 'end' | 'prompt', exitCode: Number(end[2]), cwd: decodeFolder(end[3]!)}
}

const WORDS = ['start', 'more', 'drawn', 'incomplete', 'invalid', 'unhooked', 'here'] as const
type Word = (typeof WORDS)[number]

function isWord(text: string): text is Word {
  return (WORDS as readonly string[]).includes(text)
}

function decodeFolder(encoded: string): string {
  const bytes = encoded.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
