/** 写出离线包 and 读入收据 without a core: one bundle, and receipts that are good when they say so. */
import type { Answers, Command } from '../commands.ts'
import type { BundleFiles, BundleLevel, Count } from '../types.ts'

const LEVELS: BundleLevel[] = [
  { along: 'records', files: 0, bytes: 0 },
  { along: 'thumbnails', files: 0, bytes: 0 },
  { along: 'copies', files: 5, bytes: 3_400_000 },
  { along: 'all', files: 13, bytes: 44_600_000 },
]

/** As a phone has it. */
export const WRITTEN: BundleFiles = {
  folder_text: '手机内部存储/Android/data/cn.xunji.field/files/Documents/离线包',
  how_text: '用数据线接电脑，选“传输文件”，按上面的位置找到，全部拷到 U 盘，交到所里导入',
  names: ['xunji-A-20261014-3f9a01c2-1of1.xjb'],
  bytes: 44_612_300,
  left_out: [],
  sentence: '离线包已写好，共 1 卷：变更 0 条，文件 18 个；导入服务器后，请把收据文件带回本机读取，没有收据之前本机什么也不删',
  at_text: '2026-10-14 12:05',
}

/** What a good file begins with, and what one for another phone does. */
export const GOOD = 'xunji-receipts/1\ngood'
export const OTHERS = 'xunji-receipts/1\nothers'

type Commands = 'bundle_state' | 'write_bundle' | 'take_receipts'
type Handlers = { [C in Commands]: (command: Extract<Command, { cmd: C }>) => Answers[C] }

/** Its handlers, and a lane as it stands before and after the receipts. */
export function memoryCarried(): { handlers: Handlers; of: (received: number, total: number) => Count } {
  let last: BundleFiles | null = null
  let received = false
  const handlers: Handlers = {
    bundle_state: () => ({ folder_text: WRITTEN.folder_text, levels: LEVELS, unmade: 0, percent: null, last }),
    write_bundle: () => (last = WRITTEN),
    take_receipts: ({ text }) => {
      if (text === OTHERS) throw { code: 'receipts_not_ours', sentence: '这不是给本机的收据，或签名核对不上，本机没有任何改动；请核对是否拿错了文件' }
      if (text !== GOOD) throw { code: 'receipts_unreadable', sentence: '收据文件读不出来或不完整，本机没有任何改动；请重新拷贝收据文件，或等联网自动核对' }
      const sentence = received ? '收据里没有新的内容，以前都已收到收据' : '收据已核对：变更 0 条、文件 18 个确认收到'
      received = true
      return { sentence }
    },
  }
  return { handlers, of: (some, total) => ({ received: received ? total : some, total }) }
}
