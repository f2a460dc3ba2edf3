/** The words of sync: 已收 n/n means receipts, never "sent". */
import type { Count, SyncState, SyncSummary } from '../backend/types.ts'

/** How much of a lane has no receipt yet. */
export function missing(count: Count): number {
  return Math.max(0, count.total - count.received)
}

/** The line of 今日: state, then safety. */
export function waitingText(sync: SyncSummary): { waits: boolean; state: string; detail: string } {
  const parts = []
  if (missing(sync.records)) parts.push(`记录 ${missing(sync.records)}`)
  if (missing(sync.photos)) parts.push(`照片 ${missing(sync.photos)}`)
  if (!parts.length) {
    const all = sync.records.total + sync.photos.total
    return { waits: false, state: '没有待交', detail: all ? '服务器都已收到' : '' }
  }
  return { waits: true, state: sync.waiting_for || '待交', detail: `待交：${parts.join('、')}，都在本机` }
}

/** One lane of the sync page. */
export interface Lane {
  key: 'records' | 'register' | 'thumbnails' | 'copies' | 'originals'
  name: string
  hint: string
  count: Count
  waits: string
  /** The file on its way: how much of it the server holds. */
  percent?: number
  /** What is left, in bytes; only where it is known. */
  left?: number
}

/** The four lanes in sending order, and the register where it was written to; each with what it waits for. */
export function lanesOf(state: SyncState): Lane[] {
  const before = (ready: boolean, earlier: string): string => (ready ? state.waiting_for || '等网络' : `等${earlier}交完`)
  const records = missing(state.records) === 0
  const thumbnails = records && missing(state.thumbnails) === 0
  const copies = thumbnails && missing(state.copies) === 0
  const register: Lane[] = state.register.total
    ? [{ key: 'register', name: '主体登记', hint: '新登记和修改', count: state.register, waits: before(true, '') }]
    : []
  const under = (key: Lane['key']): { percent?: number } => (state.under_way?.lane === key ? { percent: state.under_way.percent } : {})
  return [
    { key: 'records', name: '记录', hint: '', count: state.records, waits: before(true, '') },
    ...register,
    { key: 'thumbnails', name: '缩略图', hint: '所长可先看', count: state.thumbnails, waits: before(records, '记录'), ...under('thumbnails') },
    { key: 'copies', name: '工作照', hint: '2048 像素，带水印', count: state.copies, waits: before(thumbnails, '缩略图'), ...under('copies') },
    { key: 'originals', name: '原片', hint: '未压缩，留作证据', count: state.originals, waits: before(copies, '工作照'), left: state.originals_left, ...under('originals') },
  ]
}

/** The first line of the sync page: what the phone does now. */
export function headlineOf(state: SyncState): string {
  if (!lanesOf(state).some((lane) => missing(lane.count) > 0)) return '没有待交的内容'
  return state.error ? '这一次没有交成' : state.waiting_for || '正在交'
}
