/**
 * Whether an error carries a brand: a symbol from the global registry, so that two installed copies of this package
 * recognize each other's errors, which `instanceof` would not.
 */
export function hasBrand(error: unknown, brand: symbol): boolean {
  return typeof error === 'object' && error !== null && brand in error
}
