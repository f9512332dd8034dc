export interface Example {
  /** The markdown file, from the root of the workspace. */
  file: string
  /** The line where the code begins, counted from 1. */
  line: number
  code: string
  language: 'ts' | 'tsx'
  /** False for blocks marked `no-run`, and for ```tsx, which needs a terminal: they are only compiled. */
  runs: boolean
}

/** The ```ts and ```tsx blocks of a markdown text, in order. A block inside a longer fence is a quotation, not an example. */
export function readExamples(file: string, markdown: string): Example[] {
  return [...markdown.matchAll(/^(`{3,})([^\n`]*)\n(.*?)^\1$/gms)].flatMap(({index, 2: info = '', 3: code = ''}) => {
    const [language, ...flags] = info.trim().split(/\s+/)
    if (language !== 'ts' && language !== 'tsx') return []
    const line = markdown.slice(0, index).split('\n').length + 1
    return [{file, line, code, language, runs: language === 'ts' && !flags.includes('no-run')}]
  })
}
