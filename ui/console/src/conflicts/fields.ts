/** Fields of the register and their values as a person reads and writes them. */
import { licenceWords, operatorStatusWords, word } from '@xunji/shared/words.ts'
import type { Place } from '../backend/types.ts'

const fields: Record<string, string> = {
  name: '名称', owner: '经营者', phone: '电话', address: '地址', slot: '摊位', varieties: '经营品种', status: '状态',
}

/** What stands on a certificate, as far as a person decides about it. */
export interface LicenceValue {
  kind: string
  number: string
  holder: string
  valid_from: string | null
  valid_to: string | null
  scope: string
}

export const EMPTY = '（空）'

export const isLicence = (field: string) => field.startsWith('licence.')
export const fieldText = (field: string) => (isLicence(field) ? word(licenceWords, field.slice(8)) : word(fields, field))

/** A value of any shape in one line. */
export function valueText(field: string, value: unknown, markets: Place[] = []): string {
  if (value === null || value === undefined || value === '') return EMPTY
  if (field === 'status') return word(operatorStatusWords, String(value))
  if (field === 'slot') return slotText(value as { market?: string; slot?: string }, markets)
  if (isLicence(field)) return licenceText(value as Partial<LicenceValue>)
  if (Array.isArray(value)) return value.length ? value.join('、') : EMPTY
  return String(value)
}

function slotText(slot: { market?: string; slot?: string }, markets: Place[]): string {
  const market = markets.find((one) => one.id === slot.market)?.name
  return [market, slot.slot].filter(Boolean).join(' ') || EMPTY
}

function licenceText(licence: Partial<LicenceValue>): string {
  const until = licence.valid_to ? `有效期至 ${licence.valid_to}` : '未载明期限'
  return [licence.number || '没有号码', licence.holder, until, licence.scope].filter(Boolean).join('，')
}

/** What a person starts from who writes a value of his own: the shape of the field, empty. */
export function blank(field: string, now: unknown): unknown {
  if (field === 'slot') return { market: (now as { market?: string } | null)?.market ?? '', slot: '' }
  if (field === 'varieties') return []
  if (isLicence(field)) return { kind: field.slice(8), number: '', holder: '', valid_from: null, valid_to: null, scope: '', ...(now as object | null) }
  return ''
}

/** Whether something was written at all. A certificate may be without a number, a place without a stall. */
export function isFilled(field: string, value: unknown): boolean {
  if (field === 'slot') return Boolean((value as { market: string }).market)
  if (field === 'varieties') return (value as string[]).length > 0
  if (isLicence(field)) return true
  return String(value ?? '').trim() !== ''
}

/** 煎饼、豆浆 as a list. */
export const listOf = (text: string) => text.split(/[、，,\n]/).map((one) => one.trim()).filter(Boolean)
