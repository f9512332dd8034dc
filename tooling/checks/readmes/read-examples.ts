export interface Example {
  /** The markdown file, from the root of the workspace. */
  file: string
  /** The line of the file where the code begins, counted from 1. */
  line: number
  code: string
  /** False for blocks that are marked `no-run`: they are only compiled. */
  runs: boolean
}

/** The ```ts blocks of a markdown text, in order. */
export function readExamples(file: string, markdown: string): Example[] {
  const examples: Example[] = []
  let fence: {mark: string; words: string[]; line: number} | undefined
  let lines: string[] = []
  markdown.split('\n').forEach((text, index) => {
    const [, mark, info = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(text) ?? []
    if (!fence) {
      if (mark) fence = {mark, words: info.trim().split(/\s+/), line: index + 2}
      lines = []
    } else if (mark?.startsWith(fence.mark) && info.trim() === '') {
      const {words, line} = fence
      if (words[0] === 'ts') examples.push({file, line, code: lines.join('\n'), runs: !words.includes('no-run')})
      fence = undefined
    } else {
      lines.push(text)
    }
  })
  return examples
}
