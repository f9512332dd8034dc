export {createDetachKeyFinder, detachWithinMs, type DetachKey, type DetachKeyFinder} from './detach-key.ts'
export {renderPrompt, type RenderedPrompt} from './screen/render-prompt.ts'
export {createNormalScreen, type NormalScreen, type ScreenPart} from './modes/normal-screen.ts'
export {trackRestoreSequences, type RestoreSequences} from './modes/restore-sequences.ts'
export type {CollapseBounds} from './output/collapse.ts'
export type {UnfinishedRow} from './output/output-model.ts'
export {
  createRunOutput,
  type OutputView,
  type RestOfOutput,
  type RunOutput,
  type RunOutputOptions,
} from './output/run-output.ts'
export {createPlainOutput, type PlainOutput, type PlainOutputOptions} from './plain/plain-output.ts'
export {toJsonLine} from './plain/to-json-line.ts'
export {toListLine, toPlainLine, toPlainLines} from './plain/to-plain-line.ts'
export {toPlainOutput} from './plain/to-plain-output.ts'
export {paletteCode, trueColorCode, type ColorDepth} from './screen/color-code.ts'
export {preloadTerminal} from './screen/load-terminal.ts'
export {
  createProgramScreen,
  type PaintOptions,
  type ProgramScreen,
  type ProgramScreenOptions,
} from './screen/program-screen.ts'
export type {Snapshot, SnapshotColor, SnapshotLine, SnapshotSpan} from './screen/take-snapshot.ts'
export {withoutQueries} from './screen/queries.ts'
export {createQueryResponder, type QueryResponder, type QueryResponderOptions} from './screen/query-responder.ts'
export {hasColours, isDumb} from './terminal-kind.ts'
export type {TerminalSize} from './terminal-size.ts'
export {encodeKeys, type KeyModes} from './keys/encode-keys.ts'
export {encodePaste} from './keys/encode-paste.ts'
