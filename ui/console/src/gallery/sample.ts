/** Plain data of nobody, for the shows. */
import type { Signal } from '../backend/types.ts'

export const allSignals: Signal[] = [
  { code: 'short', tone: 'warn', text: '用时短' },
  { code: 'critical', tone: 'fail', text: '关键项不符合' },
  { code: 'refused', tone: 'warn', text: '拒绝签字' },
  { code: 'own_conclusion', tone: 'warn', text: '改了结论' },
  { code: 'damaged', tone: 'warn', text: '照片损坏' },
  { code: 'check_digit', tone: 'warn', text: '校验不符' },
  { code: 'amended', tone: 'none', text: '有补正' },
]
