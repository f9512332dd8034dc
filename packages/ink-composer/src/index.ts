export {createComposer} from './create-composer.ts'
export type {Composer, ComposerOptions, ComposerView, HintFacts, InputOptions, InputResult} from './composer.ts'
export {
  defaultPaint,
  draftRows,
  hintRow,
  overlayRows,
  type ComposerPaint,
  type ComposerToken,
  type ProgramPrompt,
  type RowsSize,
} from './composer-rows.ts'
export type {MenuCommand} from './completion/candidates.ts'
export type {CompletionOptions} from './completion/completion.ts'
export type {ShellCandidate, ShellCompletions} from './completion/shell-completions.ts'
export type {Draft} from './draft/draft.ts'
export {editKeys} from './draft/edit-keys.ts'
export {createHistory, type History, type HistoryEntry, type HistoryPage} from './history/history.ts'
export {ComposerKeys, type ComposerKeysProps} from './keys/composer-keys.tsx'
export {defaultBindings, describeKey, joinHints, keyLabel, withKey, type KeyBindings} from './keys/key-bindings.ts'
export {createTerminalKeys, type TerminalKeys, type TerminalKeysOptions} from './keys/terminal-keys.ts'
export type {KeyPress} from './keys/read-keys.ts'
export {readTyped} from './keys/typed-text.ts'
export {fitKeys} from './overlays/fit-keys.ts'
export type {
  KeyActions,
  Overlay,
  OverlayHost,
  OverlayRow,
  OverlayRun,
  OverlayToken,
  OverlayView,
  PressOptions,
} from './overlays/overlay.ts'
export type {RunningProgram, TargetState} from './program/target-state.ts'
export type {LineTarget, ProgramInput} from './program/line-target.ts'
export {createPickerOverlay, type PickerOptions} from './overlays/picker-overlay.ts'
export {writeMention} from './completion/shell-path.ts'
export type {Fragment} from './draft/draft.ts'
