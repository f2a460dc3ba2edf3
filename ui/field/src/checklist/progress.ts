/** Where the inspector stands in the list: per section, and which item comes next. */
import type { AnswerRow, Checklist, Item, PhotoView } from '../backend/types.ts'

/** One seal of the section bar. */
export interface SectionProgress {
  key: string
  label: string
  answered: number
  failed: number
  total: number
  done: boolean
}

type Answers = Record<string, AnswerRow>

/** Progress of every section, in the checklist's order. */
export function sectionProgress(checklist: Checklist, answers: Answers): SectionProgress[] {
  return checklist.sections.map(({ key, label }) => {
    const rows = checklist.items.filter((item) => item.section === key).map((item) => answers[item.code])
    const answered = rows.filter(Boolean).length
    return {
      key,
      label,
      answered,
      failed: rows.filter((row) => row?.answer === 'fail').length,
      total: rows.length,
      done: answered === rows.length,
    }
  })
}

/** The next item without an answer after `from`, beginning anew at the top; `null` when all are answered. */
export function nextUnanswered(checklist: Checklist, answers: Answers, from: string | null): Item | null {
  const start = from ? checklist.items.findIndex((item) => item.code === from) + 1 : 0
  const order = [...checklist.items.slice(start), ...checklist.items.slice(0, start)]
  return order.find((item) => !answers[item.code]) ?? null
}

/** The item that follows, in the list's order. */
export function itemAfter(checklist: Checklist, code: string): Item | null {
  const at = checklist.items.findIndex((item) => item.code === code)
  return checklist.items[at + 1] ?? null
}

/** Photos that show an item, cancelled ones left out. */
export function photosOf(photos: PhotoView[], code: string): PhotoView[] {
  return photos.filter(
    (photo) => photo.purpose.kind === 'items' && photo.purpose.items.includes(code) && photo.state !== 'cancelled' && photo.state !== 'expected',
  )
}

/** Photos of this visit that show other items: one of them may show this item too. */
export function otherPhotos(photos: PhotoView[], code: string): PhotoView[] {
  return photos.filter((photo) => {
    if (photo.purpose.kind !== 'items' || photo.state !== 'sealed' || photo.damaged) return false
    return photo.purpose.items.some((item) => item !== code)
  })
}

/** A four-character section name as the two lines of a seal; longer ones (厨房场所清洁) by their last four characters' sense. */
export function sealLines(label: string): [string, string] {
  const short = label.replace(/[（(].*?[）)]/g, '')
  const four = short.length > 4 ? short.slice(0, 2) + short.slice(-2) : short
  return [four.slice(0, 2), four.slice(2)]
}
