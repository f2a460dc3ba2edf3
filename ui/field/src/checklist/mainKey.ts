/** What the main key says and where it leads: never a dead key, the label names what is missing. */
import type { Blocker, Checklist, DraftView } from '../backend/types.ts'
import { itemNumber } from '@xunji/shared/format.ts'
import { nextUnanswered } from './progress.ts'

/** What a failed item still lacks, in the words of its form. */
const MISSING: Record<string, string> = { problem: '问题', measure: '措施', deadline: '期限', photo: '照片' }

export type MainKey =
  /** Items are open. */
  | { kind: 'next'; to: string; open: number }
  /** Every item has an answer, one of them lacks something. */
  | { kind: 'mend'; to: string; text: string }
  | { kind: 'conclude' }

/** What answered items lack, as the core named it. */
export function gapsOf(view: DraftView): Blocker[] {
  return view.blockers.filter((each) => each.code === 'finding_incomplete' || each.code === 'unchecked_reason')
}

/** `问题、照片`; empty when nothing is missing. */
export function missingText(view: DraftView, code: string): string {
  const words = gapsOf(view)
    .filter((gap) => gap.item === code)
    .map((gap) => (gap.missing ? (MISSING[gap.missing] ?? gap.missing) : '原因'))
  return words.join('、')
}

/** The main key; items are looked for from `from` on. */
export function mainKey(checklist: Checklist, view: DraftView, from: string | null): MainKey {
  if (view.not_inspected !== null) return { kind: 'conclude' }
  const next = nextUnanswered(checklist, view.answers, from)
  if (next) return { kind: 'next', to: next.code, open: view.progress.total - view.progress.answered }
  const gap = gapsOf(view)[0]
  if (gap?.item) return { kind: 'mend', to: gap.item, text: `${itemNumber(gap.item)} 还缺${missingText(view, gap.item)}` }
  return { kind: 'conclude' }
}
