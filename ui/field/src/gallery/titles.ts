/** The shows of the field app, in the order of the page. */
import type { Titles } from '@xunji/shared/gallery/gallery.ts'

export const titles: Titles = {
  answers: '三个结果键',
  seals: '部分印',
  lanes: '交记录',
}
