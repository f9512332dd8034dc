export type {PictureOptions} from '@holdfast/picture'
export type {ScreenSnapshot} from '@holdfast/protocol'
export {judgeScreen, screenText, type ScreenCondition, type ScreenFacts} from './judge-screen.ts'
export {
  driveSession,
  openProgram,
  ScreenWaitError,
  type DrivenProgram,
  type OpenProgramOptions,
} from './open-program.ts'
export {waitForScreen, type WaitEnd, type WaitForScreenOptions} from './wait-for-screen.ts'
