/** The console's questions to the server, one function each. */
import { address, ask } from './http.ts'
import type { ConflictRow, Me, QueueRow, RecordPage, RegisterRow, ReportDay, ReportVersion } from './types.ts'

const ROOT = '/api/console'

export const signIn = (account: string, password: string) => ask<Me>('POST', `${ROOT}/login`, { account, password })
export const signOut = () => ask<object>('POST', `${ROOT}/logout`)
/** Whose console this is, before anybody signs in. */
export const about = () => ask<{ bureau: string; demo: boolean }>('GET', `${ROOT}/about`)
export const me = () => ask<Me>('GET', `${ROOT}/me`)

export interface QueueFilter {
  station?: string
  day?: string
  state: 'pending' | 'all'
}

export async function queue(filter: QueueFilter): Promise<QueueRow[]> {
  const answer = await ask<{ rows: QueueRow[] }>('GET', address(`${ROOT}/queue`, { ...filter }))
  return answer.rows
}

export const record = (id: string) => ask<RecordPage>('GET', `${ROOT}/records/${id}`)
export const approve = (id: string, seen: string) =>
  ask<{ state: string }>('POST', `${ROOT}/records/${id}/approve`, { seen })
export const sendBack = (id: string, seen: string, items: { item: string; reason: string }[]) =>
  ask<{ state: string }>('POST', `${ROOT}/records/${id}/return`, { seen, items })

/** Where the browser finds a picture. */
export const blobUrl = (sha256: string) => `${ROOT}/blobs/${sha256}`

export const reports = (station: string | undefined, day: string) =>
  ask<ReportDay>('GET', address(`${ROOT}/reports`, { station, day }))
export const makeReport = (station: string | undefined, day: string) =>
  ask<ReportVersion>('POST', `${ROOT}/reports`, { station, day })
export const drawPreview = (station: string | undefined, day: string) =>
  ask<{ pages: number }>('POST', `${ROOT}/reports/preview`, { station, day })
export const pdfUrl = (id: string) => `${ROOT}/reports/${id}/pdf`
export const pageUrl = (id: string, n: number) => `${ROOT}/reports/${id}/pages/${n}`
/** `drawn` keeps the browser from showing the pages of an earlier preview. */
export const previewUrl = (station: string | undefined, day: string, n: number, drawn: number) =>
  address(`${ROOT}/reports/preview/${n}`, { station, day, drawn })

export async function conflicts(): Promise<ConflictRow[]> {
  return (await ask<{ rows: ConflictRow[] }>('GET', `${ROOT}/conflicts`)).rows
}

export const operators = (query: string, limit: number, offset: number) =>
  ask<{ rows: RegisterRow[]; total: number }>('GET', address(`${ROOT}/operators`, { query, limit, offset }))
