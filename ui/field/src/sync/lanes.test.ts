import { expect, test } from 'vitest'
import type { SyncState } from '../backend/types.ts'
import { lanesOf, waitingText } from './lanes.ts'

const count = (received: number, total: number) => ({ received, total })

test('the line of 今日 counts what has no receipt and says where it is', () => {
  expect(waitingText({ records: count(1, 3), photos: count(6, 17), waiting_for: '没有信号' })).toEqual({
    waits: true,
    state: '没有信号',
    detail: '待交：记录 2、照片 11，都在本机',
  })
  expect(waitingText({ records: count(3, 3), photos: count(0, 0), waiting_for: '' }).waits).toBe(false)
})

test('a lane waits for the one before it', () => {
  const state = {
    records: count(3, 3), register: count(0, 0), thumbnails: count(2, 17), copies: count(0, 17), originals: count(0, 17), waiting_for: '没有信号',
  } as SyncState
  expect(lanesOf(state).map((lane) => lane.waits)).toEqual(['没有信号', '没有信号', '等缩略图交完', '等工作照交完'])
})
