// Apart from the main entry, which draws for terminals: this runs in browsers, too.
export {createHighlighter, type CodeReader, type CodeSpan, type Highlighter} from './highlight/highlighter.ts'
export type {CodePart} from './style.ts'
