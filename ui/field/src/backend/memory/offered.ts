/** Drafts of other phones: one of today's people's, one of a colleague's. */
import type { OfferedDraft, Operator } from '../types.ts'

const row = (operator: Operator, more: Partial<OfferedDraft>): OfferedDraft => ({
  inspection: `off-${operator.id}`, log: 'l9', operator_name: operator.name, kind: operator.kind, record_no: 'LT-20261014-0902',
  author_name: '检查员甲', own: true, answered: 15, total: 32, photos: 2, started_text: '06:12', copied_text: '06:40', ...more,
})

/** What the server offers in a county that has these operators. */
export function offeredDrafts(operators: Operator[]): OfferedDraft[] {
  const [first, second] = [operators[2], operators[3]]
  if (!first || !second) return []
  return [row(first, {}), row(second, { record_no: 'LT-20261014-0801', author_name: '检查员丙', own: false, answered: 4, photos: 0, copied_text: '06:52' })]
}
