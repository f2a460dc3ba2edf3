/** From the rows of 待审 to what stands on the page. Pure. */
import type { QueueRow } from '../backend/types.ts'

/** A part of the list with its heading. */
export interface Group {
  key: 'look' | 'plain' | 'conforming' | 'settled'
  title: string
  note: string
  rows: QueueRow[]
}

export const waits = (row: QueueRow) => row.state === 'signed' || row.state === 'amended'

/** The heaviest first; equals stay in the order of the visits, which is the server's. */
export function byPoints(rows: QueueRow[]): QueueRow[] {
  return [...rows].sort((a, b) => b.points - a.points)
}

/** 先细看, 一般, 符合, and behind them what is settled. A part without rows has no heading. */
export function groups(rows: QueueRow[]): Group[] {
  const waiting = rows.filter(waits)
  const of = (group: QueueRow['group']) => waiting.filter((row) => row.group === group)
  const parts: Group[] = [
    { key: 'look', title: '先细看', note: '有一条以上疑点，分高的在前', rows: byPoints(of('look_first')) },
    { key: 'plain', title: '一般', note: '有不符合项，没有疑点', rows: of('ordinary') },
    { key: 'conforming', title: '符合', note: '全部符合，没有疑点', rows: of('plain') },
    { key: 'settled', title: '已处理', note: '已通过，或已退回等待补正', rows: rows.filter((row) => !waits(row)) },
  ]
  return parts.filter((part) => part.rows.length > 0)
}

/** The first so many rows of the parts; headings go on saying how many there are. */
export function top(parts: Group[], drawn: number): { part: Group; rows: QueueRow[] }[] {
  let before = 0
  return parts.map((part) => {
    const rows = part.rows.slice(0, Math.max(drawn - before, 0))
    before += part.rows.length
    return { part, rows }
  })
}

/** What narrows the list; an empty word does not. */
export interface Narrow {
  market: string
  inspector: string
}

export function narrowed(rows: QueueRow[], { market, inspector }: Narrow): QueueRow[] {
  return rows.filter((row) => (!market || row.market?.id === market) && (!inspector || row.inspectors.includes(inspector)))
}

/** A choice of a filter with the records behind it. */
export interface Choice {
  value: string
  label: string
  count: number
}

function tallied(pairs: [string, string][]): Choice[] {
  const found = new Map<string, Choice>()
  for (const [value, label] of pairs) {
    const known = found.get(value)
    if (known) known.count += 1
    else found.set(value, { value, label, count: 1 })
  }
  return [...found.values()].sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, 'zh'))
}

/** Markets and inspectors that occur in the list, the most frequent first. */
export function choices(rows: QueueRow[]): { markets: Choice[]; inspectors: Choice[] } {
  return {
    markets: tallied(rows.flatMap((row) => (row.market ? [[row.market.id, row.market.name] as [string, string]] : []))),
    inspectors: tallied(rows.flatMap((row) => row.inspectors.map((name) => [name, name] as [string, string]))),
  }
}

/** What a later answer of the server does to the list on show. */
export interface Merged {
  rows: QueueRow[]
  /** Records that came since; they wait until they are taken in. */
  fresh: QueueRow[]
  /** Records on show that no longer belong to the list: somebody else settled them. */
  gone: string[]
}

/** Rows keep their places and take on what is new of them; nothing is put in or taken out under the eyes. */
export function merged(shown: QueueRow[], now: QueueRow[]): Merged {
  const by = new Map(now.map((row) => [row.id, row]))
  const known = new Set(shown.map((row) => row.id))
  return {
    // What decides the place of a row stays as it is; the word of its state is the new one.
    rows: shown.map((row) => {
      const later = by.get(row.id)
      if (!later) return row
      return { ...later, group: row.group, points: row.points, state: waits(row) === waits(later) ? later.state : row.state }
    }),
    fresh: now.filter((row) => !known.has(row.id)),
    gone: shown.filter((row) => !by.has(row.id)).map((row) => row.id),
  }
}

/** Rows that say what they said before stay the same objects: their lines are not drawn again. */
export function unchanged(shown: QueueRow[], now: QueueRow[]): QueueRow[] {
  const by = new Map(shown.map((row) => [row.id, row]))
  return now.map((row) => {
    const before = by.get(row.id)
    return before && JSON.stringify(before) === JSON.stringify(row) ? before : row
  })
}
