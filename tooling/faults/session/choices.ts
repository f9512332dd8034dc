/** The choices of each question of the agent. Each client has one that it prefers. */
export const choices = ['yes', 'no', 'perhaps'] as const
