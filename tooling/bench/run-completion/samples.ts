/** Output of programs, 1 MiB each. */
export const samples = {
  plain: () => repeat('drwxr-xr-x  2 user user  4096 Nov  3 12:00 some-folder-with-a-name\r\n'),
  coloured: () =>
    repeat(
      '\x1b[32m✓\x1b[39m \x1b[2mpackages/\x1b[22mthing/test/file.test.ts \x1b[2m(12 tests)\x1b[22m\x1b[33m 12ms\x1b[39m\r\n',
    ),
  /** Full of beginnings of sentinels, of commands that print sentinels, and of other programs' markers. */
  hostile: () =>
    repeat(
      "\x1b_\x1b_0123456789abcdef\\eval \"printf '\\033_\x1b]7133;printf '\\033\\137\x1b_at\x1b\\pprintf \\ev\r\n",
    ),
} as const

export type SampleName = keyof typeof samples

const sampleBytes = 1_048_576

function repeat(line: string): Buffer {
  return Buffer.alloc(sampleBytes, line)
}
