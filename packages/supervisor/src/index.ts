export type {Child, ChildExit, ChildOptions, StopOptions} from './child.ts'
export {endInOrder, type EndCause, type EndInOrderOptions, type Ending} from './end-in-order.ts'
export {startChild} from './start-child.ts'
