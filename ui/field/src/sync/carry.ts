/** The words of 写出离线包: what each choice takes along. */
import type { BundleLevel, SyncState } from '../backend/types.ts'
import { missing } from './lanes.ts'

/** One choice as it is shown. */
export interface Choice {
  along: BundleLevel['along']
  name: string
  /** What it adds to the one before it. */
  adds: string
  bytes: number
}

const NAMES: Record<BundleLevel['along'], string> = { records: '文字记录和签名', thumbnails: '加缩略图', copies: '加工作照', all: '加原片，全部带上' }
const WHAT: Record<BundleLevel['along'], string> = { records: '记录', thumbnails: '缩略图', copies: '工作照', all: '原片' }

function text(state: SyncState): string {
  const parts = []
  if (missing(state.records)) parts.push(`记录 ${missing(state.records)} 份`)
  if (missing(state.register)) parts.push(`主体登记 ${missing(state.register)} 条`)
  return parts.join('、') || '都已有收据'
}

/** The choices, least first. Files are counted by the core; what it does not know is not said. */
export function choicesOf(levels: BundleLevel[], state: SyncState): Choice[] {
  return levels.map(({ along, files, bytes }) => ({
    along,
    name: NAMES[along],
    adds: along === 'records' ? text(state) : files ? `${WHAT[along]} ${files} 张` : `没有要带的${WHAT[along]}`,
    bytes,
  }))
}

/** A file of receipts, or pasted text, and what came of it. */
export interface Reading {
  name: string
  good: boolean
  said: string
}

/** Bytes of the largest file of receipts; what is larger is none. */
export const LARGEST_RECEIPTS = 16 * 1024 * 1024
