// For clients in which a user types: drafts are kept, and passwords are not.
export {createDraftStore, type DraftStore, type DraftStoreOptions} from './typing/draft-store.ts'
export {createTypedTextGuard, type TypedTextGuard, type TypedTextGuardOptions} from './typing/typed-text-guard.ts'
