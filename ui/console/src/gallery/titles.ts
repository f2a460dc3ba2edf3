/** The shows of the console, in the order of the page. */
import type { Titles } from '@xunji/shared/gallery/gallery.ts'

export const titles: Titles = {
  words: '结果、结论、状态、等级',
  signals: '疑点',
  notes: '没有做成的事',
}
