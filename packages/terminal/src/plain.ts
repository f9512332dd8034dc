// Apart from the main entry: this runs in browsers, too.
export {createPlainOutput, type PlainOutput, type PlainOutputOptions} from './plain/plain-output.ts'
export {createTerminalReader, type Piece, type TerminalReader} from './plain/terminal-reader.ts'
export {toListLine, toPlainLine, toPlainLines} from './plain/to-plain-line.ts'
export {toPlainOutput} from './plain/to-plain-output.ts'
