import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import type { PhotoView } from '../backend/types.ts'

const PURPOSE = { kind: 'storefront' } as const
const VIEW: PhotoView = { id: 'ph1', state: 'sealed', sha256: 'ab', damaged: false, problem: '', purpose: PURPOSE, at_text: '06:21' }

const sent: string[] = []
const takePhoto = vi.fn()
const sendPhoto = vi.fn()
const taken = vi.fn()

/** A camera button of a page that was just loaded: what a phone's camera is like is learnt anew. */
async function button() {
  vi.resetModules()
  setActivePinia(createPinia())
  const { setBackend } = await import('../backend/backend.ts')
  setBackend({
    call: async (command: { cmd: string }) => (sent.push(command.cmd), { photo: 'ph1' }),
    takePhoto,
    sendPhoto,
  } as never)
  const { useCapture } = await import('./capture.ts')
  return useCapture(() => 'd1', () => PURPOSE, taken)
}

beforeEach(() => {
  sent.length = 0
  takePhoto.mockReset()
  taken.mockReset()
})

test("the app's own camera takes the photo that was expected, and the system's stays shut", async () => {
  takePhoto.mockResolvedValue(VIEW)
  expect(await (await button()).prepare()).toBe(false)
  expect(takePhoto).toHaveBeenCalledWith('ph1')
  expect(taken).toHaveBeenCalledWith(VIEW)
  expect(sent).toEqual(['expect_photo'])
})

test('closed without a picture, the expected photo is given up', async () => {
  takePhoto.mockResolvedValue(null)
  expect(await (await button()).prepare()).toBe(false)
  await flushPromises()
  expect(taken).not.toHaveBeenCalled()
  expect(sent).toEqual(['expect_photo', 'cancel_photo'])
})

test("where there is none, the system's opens at once and nobody asks again", async () => {
  takePhoto.mockRejectedValue({ code: 'camera_elsewhere' })
  const camera = await button()
  expect(await camera.prepare()).toBe(true)
  expect(camera.system.value).toBe('camera')
  expect(await camera.prepare()).toBe(true)
  expect(takePhoto).toHaveBeenCalledTimes(1)
  expect(sent).toEqual(['expect_photo'])
})

test("without leave, pictures that were taken already are offered: the system's camera is closed to the app too", async () => {
  takePhoto.mockRejectedValue({ code: 'camera_denied' })
  const camera = await button()
  expect(await camera.prepare()).toBe(true)
  expect(camera.system.value).toBe('gallery')
  const files = [new File(['x'], 'a.jpg')] as unknown as FileList
  sendPhoto.mockResolvedValue(VIEW)
  await camera.picked(files)
  expect(sendPhoto).toHaveBeenCalledWith('ph1', files[0], true)
})

test('a picture that cannot be kept says so and opens no second camera', async () => {
  takePhoto.mockRejectedValue({ code: 'photo_not_picture', sentence: '不是照片' })
  expect(await (await button()).prepare()).toBe(false)
  expect(taken.mock.calls[0]![0]).toMatchObject({ id: 'ph1', state: 'failed', problem: '不是照片' })
})
