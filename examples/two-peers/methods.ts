/** What the parent serves. */
export interface Parent {
  favorite(params: {course: string}): string
}

/** What the child serves. */
export interface Child {
  dinner(): string
  sleep(): void
}
