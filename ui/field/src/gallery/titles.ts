/** The shows of the field app, in the order of the page. */
import type { Titles } from '@xunji/shared/gallery/gallery.ts'

export const titles: Titles = {
  answers: '三个结果键',
  items: '检查项',
  dock: '答案键固定在下方',
  seals: '部分印',
  traces: '检纹',
  photos: '照片',
  licence: '证照',
  number: '号码核不上',
  signing: '签名',
  pad: '签名板',
  lanes: '交记录',
  carry: '用 U 盘上交',
  carried: '离线包写好了',
  receipts: '读入收据',
  tasks: '要人处理的',
  operators: '主体的行',
  records: '记录的行',
  keys: '首字母九键',
  nothing: '没有内容、读不出来',
}
