/**
 * What a hooked shell prints, in the manner of OSC 133:
 *
 *     ESC ] 7133 ; <nonce> ; start BEL                        a command begins
 *     ESC ] 7133 ; <nonce> ; end ; <status> ; <folder> BEL    the shell is back, before its next prompt
 *
 * The folder is the last field; its `%` and control characters are percent-encoded.
 */
export type RunMark = {kind: 'start'} | {kind: 'end'; exitCode: number; cwd: string}

/** A mark that is longer is none: a path of 4096 bytes, each percent-encoded, fits. */
export const MAX_MARK_BYTES = 16_384

/** What every mark of this shell begins with, in the escapes that both bash's `printf` and its prompts know. */
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
  if (text === 'start') return {kind: 'start'}
  const end = /^end;(\d{1,3});([ -~\x80-\xff]*)$/.exec(text)
  if (!end) return undefined
  return {kind: 'end', exitCode: Number(end[1]), cwd: decodeFolder(end[2]!)}
}

function decodeFolder(encoded: string): string {
  const bytes = encoded.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
