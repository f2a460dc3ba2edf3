/** The one place that speaks HTTP. */
import type { CodedError } from '@xunji/shared/errors.ts'

/** Called when the session has ended, so that the page can ask to sign in again. */
let signedOut: () => void = () => {}

export function onSignedOut(act: () => void): void {
  signedOut = act
}

/** Asks the server and reads its JSON. Throws a coded error with the sentence to show. */
export async function ask<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const answer = await reach(path, {
    method,
    credentials: 'same-origin',
    headers: method === 'POST' ? { 'content-type': 'application/json', 'x-xunji-console': '1' } : {},
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  if (!answer.ok) throw await problem(answer, path)
  return (await answer.json()) as T
}

/** Sends a file as it is and reads the JSON that comes back. */
export async function send<T>(path: string, file: Blob): Promise<T> {
  const headers = { 'content-type': 'application/octet-stream', 'x-xunji-console': '1' }
  const answer = await reach(path, { method: 'POST', credentials: 'same-origin', headers, body: file })
  if (!answer.ok) throw await problem(answer, path)
  return (await answer.json()) as T
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch {
    const what = (init.method ?? 'GET') === 'GET' ? '这一页没有读到' : '刚才的操作没有写入'
    const error: CodedError = { code: 'unreachable', sentence: `连不上服务器，${what}，数据没有丢失；请看看网络后再试` }
    throw error
  }
}

async function problem(answer: Response, path: string): Promise<CodedError> {
  const said = (await answer.json().catch(() => null)) as { code?: string; title?: string; params?: { why?: string } } | null
  const error: CodedError = { code: said?.code ?? 'no_answer', sentence: said?.title, params: said?.params }
  if (answer.status === 401 && !path.endsWith('/login')) signedOut()
  return error
}

/** A path with its parameters; empty ones are left out. */
export function address(path: string, params: Record<string, string | number | null | undefined>): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== '') query.set(key, String(value))
  }
  const text = query.toString()
  return text ? `${path}?${text}` : path
}
