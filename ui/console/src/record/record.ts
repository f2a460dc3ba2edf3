/** From the server's record to what the page shows. Pure. */
import type { AnswerRow, ChecklistItem, Finding, Photo, RecordPage } from '../backend/types.ts'

/** One item on the page. */
export interface Line {
  item: ChecklistItem
  answer: AnswerRow
  previous: string | null
  finding: Finding | null
  photos: Photo[]
  /** Sent back and not answered yet: the reason. */
  open: string | null
}

/** A section with its lines. */
export interface Part {
  key: string
  label: string
  lines: Line[]
}

/** What a checklist that this program does not hold is shown as: codes without texts. */
function unknownItem(code: string): ChecklistItem {
  return { code, section: '', text: `检查项 ${code}`, severity: 'minor', readings: [], basis_text: '' }
}

export function lines(page: RecordPage): Line[] {
  const previous = new Map(page.previous?.answers ?? [])
  const items = new Map(page.checklist?.items.map((item) => [item.code, item]))
  const open = new Map(page.summary.open.map((o) => [o.item, o.reason]))
  return page.content.answers.map((answer) => ({
    item: items.get(answer.item) ?? unknownItem(answer.item),
    answer,
    previous: previous.get(answer.item) ?? null,
    finding: page.content.findings.find((f) => f.item === answer.item) ?? null,
    photos: page.photos.filter((p) => p.purpose.kind === 'items' && p.purpose.items.includes(answer.item)),
    open: open.get(answer.item) ?? null,
  }))
}

const failed = (line: Line) => line.answer.answer === 'fail'
const changed = (line: Line) => line.previous !== null && line.previous !== line.answer.answer

/** What has to be read: failed, unchecked, sent back, or answered otherwise than last time. */
export function remarkable(all: Line[]): Line[] {
  const found = all.filter((line) => failed(line) || line.answer.answer === 'unchecked' || line.open || changed(line))
  return [...found.filter(failed), ...found.filter((line) => !failed(line))]
}

/** All lines by section in the checklist's order, failed ones first within each. */
export function bySection(page: RecordPage, all: Line[]): Part[] {
  const sections = page.checklist?.sections ?? [{ key: '', label: '全部' }]
  return sections.map(({ key, label }) => {
    const own = all.filter((line) => line.item.section === key)
    return { key, label, lines: [...own.filter(failed), ...own.filter((line) => !failed(line))] }
  })
}

/** Figures over the answers. */
export function tally(all: Line[]): { pass: number; fail: number; not_applicable: number; unchecked: number } {
  const count = (answer: string) => all.filter((line) => line.answer.answer === answer).length
  return { pass: count('pass'), fail: count('fail'), not_applicable: count('not_applicable'), unchecked: count('unchecked') }
}

/** What a photo shows, in words. */
export function purposeText(photo: Photo): string {
  if (photo.purpose.kind === 'storefront') return '门头摊位'
  if (photo.purpose.kind === 'licence') return '证照'
  return photo.purpose.items.map((code) => code.replace(/^[A-Z]+/, '')).join('、')
}

/** The file that is shown large: the working copy, the original, the thumbnail, whichever is here. */
export function largest(photo: Photo): string | null {
  return photo.copy ?? photo.original ?? photo.thumbnail
}
