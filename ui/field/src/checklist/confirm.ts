/** 按部分确认: which items one key may name, and which of them were not looked at long enough yet. */
import { itemNumber } from '@xunji/shared/format.ts'
import type { AnswerRow, Checklist, VisitRules } from '../backend/types.ts'

/** The key at the end of a section. */
export interface SectionKey {
  section: string
  /** Open items the key names. */
  items: string[]
  /** Those whose text was not on the screen long enough. */
  unread: string[]
  /** Open items of the section that are answered alone. */
  alone: string[]
}

/** The key of a section; `null` where the bureau has not switched it on or nothing is left for it. */
export function sectionKey(
  checklist: Checklist,
  rules: VisitRules | null,
  answers: Record<string, AnswerRow>,
  section: string,
  shownMs: (code: string) => number,
): SectionKey | null {
  const confirm = rules?.confirm
  if (!confirm) return null
  const open = checklist.items.filter((item) => item.section === section && !answers[item.code]).map((item) => item.code)
  const items = open.filter((code) => !confirm.alone[code])
  if (!items.length) return null
  return {
    section,
    items,
    unread: items.filter((code) => shownMs(code) < (confirm.reading_ms[code] ?? 0)),
    alone: open.filter((code) => confirm.alone[code]),
  }
}

/** `6.1 6.3 6.4`; more than fit on a line are counted: the small line has the numbers then. */
export function numbersText(codes: string[]): string {
  return codes.map(itemNumber).join(' ')
}

/** What pressing the key says. */
export function confirmText(key: SectionKey): string {
  return `这 ${key.items.length} 项都看过，符合`
}
