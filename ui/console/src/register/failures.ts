/** What failed at an operator before, by item. Pure. */
import type { PastProblem, RecordRow } from '../backend/types.ts'

/** One item that failed at least once. */
export interface PastFailure {
  item: string
  text: string
  severity: string | null
  /** Visits in which it failed, over those in which it was judged. */
  failed: number
  judged: number
  /** What was found each time, newest first. */
  times: PastProblem[]
  /** Failed at the last visit that judged it. */
  still: boolean
}

/** How often an item was judged, and what the last judging visit said. Visits come newest first. */
function judgedOf(visits: readonly RecordRow[], item: string): { judged: number; still: boolean } {
  const answers = visits.flatMap((visit) => visit.trace.filter((bar) => bar.item === item)).map((bar) => bar.answer)
  const judged = answers.filter((answer) => answer === 'pass' || answer === 'fail')
  return { judged: judged.length, still: judged[0] === 'fail' }
}

/** Items that failed: those still failing first, then the most frequent, then by number. */
export function pastFailures(visits: readonly RecordRow[], problems: readonly PastProblem[]): PastFailure[] {
  const found = new Map<string, PastProblem[]>()
  for (const problem of problems) found.set(problem.item, [...(found.get(problem.item) ?? []), problem])
  return [...found].map(([item, times]) => ({
    item, times, text: times[0]?.text ?? '', severity: times[0]?.severity ?? null, failed: times.length, ...judgedOf(visits, item),
  })).sort((a, b) => Number(b.still) - Number(a.still) || b.failed - a.failed || a.item.localeCompare(b.item, 'en', { numeric: true }))
}
