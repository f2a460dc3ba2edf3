/** Plain data of nobody, for the shows. */
import type { ConflictCase, FieldWriter, HeldRow, QueueRow, Signal, SignalCode, TraceBar } from '../backend/types.ts'

/** Seconds an item was looked at, over and over: a visit with care, and one that was ticked off. */
const CAREFUL = [14, 21, 9, 33, 16, 12, 41, 18, 14, 25, 8, 20]
const BLIND = [3, 4, 3, 5, 2, 3]
const SECTIONS = ['LICENCE', 'PLEDGE', 'RECEIPTS', 'INGREDIENTS_POSTED', 'OPERATION', 'CLEAN']
/** Items of 小餐饮 六项标准 in each section. */
const COUNTS = [5, 4, 8, 6, 12, 6]

function trace(seconds: number[], failed: string[], bySection = false): TraceBar[] {
  let at = 0
  return COUNTS.flatMap((count, part) =>
    Array.from({ length: count }, (_, n) => {
      const item = `CY${part + 1}.${n + 1}`
      const shown_ms = seconds[at++ % seconds.length]! * 1000
      const answer = failed.includes(item) ? 'fail' : at % 17 === 0 ? 'not_applicable' : 'pass'
      return { item, section: SECTIONS[part], shown_ms, answer, answered_by: bySection && part < 2 ? 'section' : 'card' }
    }),
  ) as unknown as TraceBar[]
}

export const traces = {
  careful: trace(CAREFUL, ['CY2.1', 'CY5.6']),
  blind: trace(BLIND, []),
  sections: trace(CAREFUL, ['CY6.2'], true),
}

function signal(code: SignalCode, tone: Signal['tone'], points: number, text: string, why = '', more: Partial<Signal> = {}): Signal {
  return { code, tone, points, text, why, items: [], spread: null, ...more }
}

/** Seconds of similar visits, shortest first. */
const others = [520, 610, 640, 700, 730, 760, 790, 800, 830, 860, 900, 960, 1020, 1100]

export const shortVisit = signal('short', 'warn', 30, '用时 2 分 10 秒', '同类检查 14 次的中位数是 13 分 15 秒，这次是它的 16%。', {
  spread: { others, this: 130, median: 795 },
})

export const allSignals: Signal[] = [
  signal('critical', 'fail', 40, '关键项不符合', '1.1 未取得登记证从事经营。'),
  shortVisit,
  signal('flat', 'warn', 20, '各项看得一样久', '41 项都在 1 到 2 秒之间。'),
  signal('refused', 'warn', 15, '当事人拒签', '见证人：桑知秋，集市管理员。'),
  signal('licence_expired', 'fail', 15, '证照过期 3 天', '小餐饮登记证到 2026-10-11。'),
  signal('check_digit', 'warn', 10, '末位核不上', '读到 6，按国标应为 5。'),
  signal('imported', 'plain', 5, '相册导入 1 张'),
  signal('amended', 'plain', 0, '有补正'),
]

const base: QueueRow = {
  id: 'r1', record_no: 'LT-20261014-0A01', operator: 'o1', operator_name: '柳汀禾记包子铺', place: null, kind: 'small_restaurant',
  station_name: '柳汀所', market: { id: 'm1', name: '柳汀大集' }, day: '2026-10-14', started_text: '06:05', ended_text: '06:21',
  minutes: 16, seconds: 965, conclusion: 'conforming', grade: 'A', score_permille: 985, failed: { critical: 0, major: 0, minor: 0 },
  inspectors: ['检查员甲', '检查员乙'], state: 'signed', state_text: '待审', version: 'v', trace: traces.careful, group: 'plain',
  points: 0, flags: [], photos: { thumbnails: 3, copies: 3, originals: 3, total: 3 }, pictures: [], approvable: true, why_not: null, late: false,
}

/** Rows of every kind, as 待审 shows them. */
export const rows: QueueRow[] = [
  {
    ...base, id: 'r2', record_no: 'LT-20261014-0A02', operator_name: '桥头麦香油条豆浆', kind: 'stall', place: '东排 13 号', group: 'look_first',
    points: 95, flags: allSignals.slice(0, 3), conclusion: 'nonconforming', grade: 'C', score_permille: 612, started_text: '06:40', minutes: 2,
    failed: { critical: 1, major: 0, minor: 0 }, trace: traces.blind, photos: { thumbnails: 2, copies: 1, originals: 0, total: 2 },
  },
  {
    ...base, id: 'r3', record_no: 'LT-20261014-0A03', operator_name: '㼆家𠮷祥糁汤羊肉泡馍老店柳汀大集东头第二分店', group: 'look_first', points: 15,
    flags: [allSignals[3]!], state: 'amended', state_text: '已补正', conclusion: 'mostly_conforming', grade: 'B', score_permille: 861,
    failed: { critical: 0, major: 1, minor: 1 }, trace: traces.sections,
  },
  { ...base, group: 'plain' },
  { ...base, id: 'r4', record_no: 'LT-20261013-0A07', day: '2026-10-13', operator_name: '老井豆腐坊', kind: 'workshop', state: 'approved', state_text: '已通过', grade: null, trace: [] },
]

const writer: FieldWriter = {
  change: 'c1', name: '检查员甲', how: '修改登记', phone: '01', record: null, captured_text: '2026-10-14 06:12', stored_text: '2026-10-14 10:03',
}

/** A telephone that two phones changed, and a certificate that a visit found otherwise. */
export const conflictCases: ConflictCase[] = [
  {
    id: 'k1', conflicts: ['k1'], operator: 'o1', operator_name: '柳汀禾记包子铺', operator_kind: 'small_restaurant', station_name: '柳汀所', field: 'phone',
    now: '13900000002', at_text: '2026-10-14 10:05', values: [
      { value: '13900000001', now: false, before: false, writers: [writer] },
      { value: '13900000002', now: true, before: false, writers: [{ ...writer, change: 'c2', name: '检查员丙', phone: '02', captured_text: '2026-10-14 06:40', stored_text: '2026-10-14 10:05' }] },
      { value: '13800138000', now: false, before: true, writers: [] },
    ],
  },
  {
    id: 'k2', conflicts: ['k2', 'k3'], operator: 'o2', operator_name: '㼆家𠮷祥糁汤羊肉泡馍老店柳汀大集东头第二分店', operator_kind: 'stall', station_name: '柳汀所', field: 'licence.stall_card',
    now: { kind: 'stall_card', number: 'TD37992100002', holder: '谷小满', valid_from: null, valid_to: '2027-05-01', scope: '' }, at_text: '2026-10-13 17:20', values: [
      { value: { kind: 'stall_card', number: 'TD37992100001', holder: '谷小满', valid_from: null, valid_to: '2026-05-01', scope: '' }, now: false, before: false, writers: [{ ...writer, change: 'c3', how: '检查时核对', record: { id: 'r1', record_no: 'LT-20261014-0A01' } }] },
      { value: { kind: 'stall_card', number: 'TD37992100002', holder: '谷小满', valid_from: null, valid_to: '2027-05-01', scope: '' }, now: true, before: false, writers: [{ ...writer, change: 'c4', name: null, phone: null, how: '裁定' }] },
      { value: null, now: false, before: true, writers: [] },
    ],
  },
]

const heldRow: HeldRow = {
  hash: 'h1', verdict: 'quarantined', kind_text: '检查记录', about: '柳汀禾记包子铺　LT-20261014-0201', operator: 'o1', record: null, phone: '02', station_name: '柳汀所', author: '检查员甲',
  captured_text: '2026-10-14 06:12', stored_text: '2026-10-14 10:03', sentence: '提交人没有这项权限，已原样保存，没有丢失；请所长核对后处理', reason: '交来的手机已停用', waits: null,
  may_retry: true, may_accept: true, closed: null,
}

/** A record of a phone that was revoked, an edit that waits for its entry, one that was signed twice and put aside. */
export const heldRows: HeldRow[] = [
  heldRow,
  {
    ...heldRow, hash: 'h2', verdict: 'held', kind_text: '修改登记', about: '还没有收到的主体', operator: null, phone: '01', may_accept: false, reason: '所改的主体或记录还没有收到',
    sentence: '所涉主体或记录还没有收到，收到后自动入账，内容没有丢失，无须处理', waits: '它所改的主体或记录；多半还在另一部手机上，到了自动入账',
  },
  {
    ...heldRow, hash: 'h3', about: '㼆家𠮷祥糁汤羊肉泡馍老店柳汀大集东头第二分店　LT-20261014-0205', author: null, may_accept: false, may_retry: false,
    reason: '同一份记录签了两次；先收到的一份在册，这一份留着备查', sentence: '内容不符合规则，已原样保存，没有丢失；请所长核对后处理',
    closed: { reason: '手机被复制过，两份一样', by_name: '所长甲', at_text: '2026-10-14 11:20' },
  },
]
