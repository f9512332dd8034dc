/** Works on several items at a time, and resolves when all are done. Rejects with the first error of `work`. */
export async function eachOf<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const worker = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({length: Math.min(atOnce, items.length)}, worker))
}
