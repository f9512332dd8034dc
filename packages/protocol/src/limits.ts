/** The longest prompt, in UTF-16 units. A longer one is rejected as invalid params. */
export const maxPromptLength = 4 * 1024 * 1024

/** How many prompts may wait in one session. The next one is rejected with `notAllowed`. */
export const maxQueuedPrompts = 256

/** How long the waiting prompts of one session may be together, in UTF-16 units. One too many is rejected with `tooLarge`. */
export const maxQueuedLength = 8 * 1024 * 1024

/** The longest draft, in UTF-16 units. */
export const maxDraftLength = 1024 * 1024

/** The first bytes of a prompt's output that the log keeps, where the prompt sets no `max_output_bytes` of its own. */
export const defaultMaxOutputBytes = 64 * 1024 * 1024

/** The first bytes of the background output between two prompts that the log keeps. */
export const maxBackgroundOutputBytes = 8 * 1024 * 1024

/** The last bytes of an output that the log keeps beyond the first ones; `output.elided` counts what is between the two. */
export const tailOutputBytes = 1024 * 1024
