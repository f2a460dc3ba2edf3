/** The Chinese words of the codes that stand in records. Codes are for ever, these labels are not. */

/** Answers to an item. */
export const answerWords: Record<string, string> = {
  pass: '符合',
  fail: '不符合',
  not_applicable: '不适用',
  unchecked: '未检查',
}

/** How heavy an item weighs. */
export const severityWords: Record<string, string> = { critical: '关键项', major: '重点项', minor: '一般项' }

/** Conclusions. */
export const conclusionWords: Record<string, string> = {
  conforming: '符合',
  mostly_conforming: '基本符合',
  nonconforming: '不符合',
  not_inspected: '未能检查',
}

/** Kinds of operator. */
export const operatorKindWords: Record<string, string> = {
  stall: '食品摊点',
  small_restaurant: '小餐饮',
  workshop: '食品小作坊',
}

/** The same where a line has no room. */
export const operatorKindShort: Record<string, string> = { stall: '摊点', small_restaurant: '小餐饮', workshop: '小作坊' }

/** Whether an operator is in business. */
export const operatorStatusWords: Record<string, string> = {
  active: '在营',
  suspended: '停业',
  closed: '关停',
  cancelled: '注销',
}

/** What an inspector orders for a finding. */
export const measureWords: Record<string, string> = {
  on_site: '当场整改',
  deadline: '责令限期改正',
  stop: '立即停止生产经营',
  case_lead: '依法调查处理',
  hand_over: '转办',
}

/** Where an inspection stands. */
export const stateWords: Record<string, string> = {
  draft: '草稿',
  signed: '已签',
  approved: '已通过',
  returned: '退回',
  amended: '已补正',
  voided: '作废',
}

/** Certificates. */
export const licenceWords: Record<string, string> = {
  business_licence: '营业执照',
  food_permit: '食品经营许可证',
  production_permit: '食品生产许可证',
  small_restaurant_registration: '小餐饮登记证',
  workshop_registration: '食品小作坊登记证',
  stall_card: '食品摊点信息公示卡',
  health_certificate: '健康证明',
  legacy_catering_permit: '餐饮服务许可证',
}

/** What a stored grade is called beside its letter. */
export const gradeWords: Record<string, string> = { a: '优秀', b: '良好', c: '一般' }

/** Roles. */
export const roleWords: Record<string, string> = {
  inspector: '检查员',
  assistant: '协管员',
  supervisor: '所长',
  bureau: '县局',
  administrator: '管理员',
  auditor: '审计员',
}

/** The word of a code; the code itself where a newer version made one this version does not know. */
export function word(words: Record<string, string>, code: string | null | undefined): string {
  if (!code) return '—'
  return words[code] ?? code
}
