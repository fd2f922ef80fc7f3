/**
 * Fuzzy matching for lists: every letter of the query must appear in order. Runs of letters and starts of words score
 * more, so that 'ro' finds 'Restart on another library OS' before 'Memory map ... of owners'.
 */

/** undefined when it does not match; higher is better. */
export function fuzzyScore(query: string, text: string): number | undefined {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  const candidate = text.toLowerCase();
  let score = 0;
  let from = 0;
  let previous = -2;
  for (const letter of wanted) {
    const at = candidate.indexOf(letter, from);
    if (at < 0) return undefined;
    if (at === previous + 1) score += 5;
    if (at === 0 || /[^a-z0-9]/.test(candidate[at - 1] ?? '')) score += 8;
    score -= Math.min(3, at - from);
    previous = at;
    from = at + 1;
  }
  return candidate.includes(query.toLowerCase()) ? score + 20 : score;
}

/** Items that match, best first; all of them, in order, for an empty query. */
export function fuzzyFilter<Item>(
  query: string,
  items: readonly Item[],
  text: (item: Item) => string,
): readonly Item[] {
  if (query.trim() === '') return items;
  return items
    .map((item, index) => ({ item, index, score: fuzzyScore(query, text(item)) }))
    .filter((entry): entry is { item: Item; index: number; score: number } => entry.score !== undefined)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ item }) => item);
}
