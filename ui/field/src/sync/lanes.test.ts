import { expect, test } from 'vitest'
import type { SyncState } from '../backend/types.ts'
import { headlineOf, lanesOf, waitingText } from './lanes.ts'

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

test('the headline says what the phone does', () => {
  const state = {
    records: count(3, 3), register: count(0, 0), thumbnails: count(2, 17), copies: count(0, 17), originals: count(0, 17), waiting_for: '', branch: false, error: null, originals_left: 9, under_way: { lane: 'thumbnails', percent: 40 },
  } as unknown as SyncState
  expect(headlineOf(state)).toBe('正在交')
  expect(headlineOf({ ...state, error: { code: 'x', sentence: 'y' } })).toBe('这一次没有交成')
  expect(headlineOf({ ...state, thumbnails: count(0, 0), copies: count(0, 0), originals: count(0, 0) })).toBe('没有待交的内容')
  expect(lanesOf(state).map((lane) => lane.percent)).toEqual([undefined, 40, undefined, undefined])
})
