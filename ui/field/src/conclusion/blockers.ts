/** What stands in the way of signing, and where it is mended. */
import type { Blocker } from '../backend/types.ts'

/** Those that the signing page itself mends. */
const AT_SIGNING = ['party_missing', 'refusal_incomplete', 'too_few_inspectors', 'signature_missing', 'inspector_signature_missing']

/** What has to be mended before the signing page makes sense. */
export function contentBlockers(blockers: Blocker[]): Blocker[] {
  return blockers.filter((blocker) => !AT_SIGNING.includes(blocker.code))
}

/** The page on which a blocker is mended. */
export function placeOf(inspection: string, blocker: Blocker): string {
  const page = `/inspections/${inspection}`
  if (blocker.item) return `${page}/checklist?at=${blocker.item}`
  if (blocker.code === 'notice_missing') return `${page}/checklist`
  if (blocker.code === 'too_few_inspectors') return '/people'
  if (blocker.code === 'conclusion_reason') return `${page}/conclusion`
  return AT_SIGNING.includes(blocker.code) ? `${page}/sign` : `${page}/checklist`
}
