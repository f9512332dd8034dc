export {
  openAccessStore,
  type AccessStore,
  type AccessStoreOptions,
  type CodeState,
  type Device,
  type NewCode,
  type PairingOutcome,
} from './access-store.ts'
export {AccessError, isAccessError} from './access-error.ts'
export {createAttemptLimit, type AttemptLimit, type AttemptLimitOptions} from './attempt-limit.ts'
