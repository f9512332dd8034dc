import {createBlockReader, type Block as MarkdownBlock} from '@holdfast/markdown/blocks'

/** What a coding agent says while it streams in. */
export interface Answer {
  add(text: string): void
  end(): void
  /** The same lists again where nothing has changed. */
  view(): {finished: readonly MarkdownBlock[]; unfinished: readonly MarkdownBlock[]}
}

export function createAnswer(): Answer {
  const reader = createBlockReader()
  let shown: ReturnType<Answer['view']> | undefined
  let finished: readonly MarkdownBlock[] = []
  return {
    add(text) {
      reader.add(text)
      shown = undefined
    },
    end() {
      reader.end()
      shown = undefined
    },
    view() {
      if (shown !== undefined) return shown
      const read: MarkdownBlock[] = []
      for (let line = reader.read(); line !== undefined; line = reader.read()) read.push(...line.blocks)
      if (read.length > 0) finished = [...finished, ...read]
      shown = {finished, unfinished: reader.unfinished()}
      return shown
    },
  }
}
