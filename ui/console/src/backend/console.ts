/** The console's questions to the server, one function each. */
import { address, ask, send } from './http.ts'
import type {
  CarriedVolume,
  ConflictList,
  Filters,
  Found,
  HeldList,
  Me,
  OperatorPage,
  Queue,
  RecordPage,
  RecordRow,
  RegisterRow,
  ReportDay,
  ReportVersion,
  ReturnReason,
  Statistics,
} from './types.ts'

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

export const queue = (filter: QueueFilter) => ask<Queue>('GET', address(`${ROOT}/queue`, { ...filter }))
/** 批量通过: all or nothing, of the list and versions that `batch` names. */
export const approveBatch = (batch: string) => ask<{ approved: number }>('POST', `${ROOT}/batches/${batch}/approve`, {})
/** Reasons for 退回 on the keys 1–5. */
export async function returnReasons(): Promise<ReturnReason[]> {
  return (await ask<{ rows: ReturnReason[] }>('GET', `${ROOT}/reasons`)).rows
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

export const conflicts = () => ask<ConflictList>('GET', `${ROOT}/conflicts`)

/** What is decided, with what the page showed when it was. */
export interface Decision {
  operator: string
  field: string
  conflicts: string[]
  seen: unknown
  value: unknown
  reason: string
}

export const resolveConflict = (decision: Decision) => ask<{ value: unknown }>('POST', `${ROOT}/conflicts/resolve`, decision)

/** Rows of a page of a list. */
export interface Page {
  limit: number
  offset: number
}

/** Which operators; what is left out does not narrow. `visited` goes with `from` and `to`. */
export interface OperatorFilter {
  query?: string
  station?: string
  kind?: string
  status?: string
  market?: string
  licence?: string
  visited?: string
  from?: string
  to?: string
}

export const operators = (filter: OperatorFilter, page: Page) =>
  ask<{ rows: RegisterRow[]; total: number }>('GET', address(`${ROOT}/operators`, { ...filter, ...page }))
export const operator = (id: string) => ask<OperatorPage>('GET', `${ROOT}/operators/${id}`)
export const filters = () => ask<Filters>('GET', `${ROOT}/filters`)
export const search = (query: string) => ask<Found>('GET', address(`${ROOT}/search`, { query }))

/** Which records; what is left out does not narrow. */
export interface RecordFilter {
  query?: string
  station?: string
  operator?: string
  inspector?: string
  market?: string
  kind?: string
  from?: string
  to?: string
  state?: string
  conclusion?: string
  grade?: string
  /** Answers in a section or to an item: `failed` or `checked`. */
  section?: string
  item?: string
  answer?: string
  party?: string
  follow?: string
}

/** Newest first. */
export const records = (filter: RecordFilter, page: Page) =>
  ask<{ rows: RecordRow[]; total: number }>('GET', address(`${ROOT}/records`, { ...filter, ...page }))

export interface StatisticsFilter {
  from: string
  to: string
  station?: string
  kind?: string
}

export const statistics = (filter: StatisticsFilter) =>
  ask<Statistics>('GET', address(`${ROOT}/statistics`, { ...filter }))

export const held = (state: 'open' | 'closed') => ask<HeldList>('GET', address(`${ROOT}/held`, { state }))

/** What became of a change that somebody did something about. */
export interface Outcome {
  verdict: 'applied' | 'held' | 'quarantined'
  sentence: string
}

export const retryHeld = (hash: string) => ask<Outcome>('POST', `${ROOT}/held/${hash}/retry`, {})
export const settleHeld = (hash: string, decision: 'accepted' | 'closed', reason: string) =>
  ask<Outcome>('POST', `${ROOT}/held/${hash}/settle`, { decision, reason })

/** Hands in one volume of what a phone wrote to files. */
export const importBundle = (file: File) => send<CarriedVolume>(address(`${ROOT}/bundles`, { name: file.name }), file)
