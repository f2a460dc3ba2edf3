/** The shows of the console, in the order of the page. */
import type { Titles } from '@xunji/shared/gallery/gallery.ts'

export const titles: Titles = {
  words: '结果、结论、状态、等级',
  signals: '疑点',
  traces: '检纹',
  dots: '用时散点',
  queue: '待审的行',
  aside: '待审的侧栏',
  conflicts: '冲突的裁定',
  held: '未入账',
  integrity: '完整性',
  answers: '检查项的行',
  rates: '指标',
  reports: '日报的版本',
  notes: '没有做成的事',
}
