/** What failed at an operator before, by item. Pure. */
import type { RecordRow } from '../backend/types.ts'

/** One item that failed at least once. */
export interface PastFailure {
  item: string
  /** Visits in which it failed, over those in which it was judged. */
  failed: number
  judged: number
  /** Days it failed on, newest first, with their records. */
  days: { id: string; day: string }[]
  /** Failed at the last visit that judged it. */
  still: boolean
}

/** Items that failed: those still failing first, then the most frequent, then by code. Visits come newest first. */
export function pastFailures(visits: readonly RecordRow[]): PastFailure[] {
  const found = new Map<string, PastFailure>()
  for (const visit of visits) {
    for (const bar of visit.trace) {
      if (bar.answer !== 'pass' && bar.answer !== 'fail') continue
      const known = found.get(bar.item) ?? { item: bar.item, failed: 0, judged: 0, days: [], still: bar.answer === 'fail' }
      known.judged += 1
      if (bar.answer === 'fail') {
        known.failed += 1
        known.days.push({ id: visit.id, day: visit.day })
      }
      found.set(bar.item, known)
    }
  }
  return [...found.values()].filter((one) => one.failed > 0)
    .sort((a, b) => Number(b.still) - Number(a.still) || b.failed - a.failed || a.item.localeCompare(b.item, 'en', { numeric: true }))
}
