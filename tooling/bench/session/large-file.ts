import {closeSync, mkdtempSync, openSync, rmSync, writeSync} from 'node:fs'

const line = 'drwxr-xr-x  2 user user  4096 Nov  3 12:00 some-folder-with-a-name\n'

export interface LargeFile extends Disposable {
  readonly folder: string
  readonly path: string
}

export function makeLargeFile(bytes: number): LargeFile {
  const folder = mkdtempSync('/tmp/hf-large-')
  const path = `${folder}/large.txt`
  const piece = Buffer.alloc(1_000_000, line)
  const file = openSync(path, 'w')
  for (let left = bytes; left > 0; left -= piece.length) writeSync(file, piece, 0, Math.min(left, piece.length))
  closeSync(file)
  return {folder, path, [Symbol.dispose]: () => rmSync(folder, {recursive: true})}
}
