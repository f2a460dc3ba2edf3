import { beforeEach, expect, test, vi } from 'vitest'

const invoke = vi.fn()
vi.mock('@tauri-apps/api/core', () => ({ invoke, convertFileSrc: (path: string) => path }))
vi.mock('@tauri-apps/api/event', () => ({ listen: vi.fn() }))

const PHOTO = '0199e0b2-7c4a-7000-8000-000000000001'
const CAPTURE = 'JPEG_20261125_093000_1234567890.jpg'
const BYTES = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7) % 251)

/** The backend as it is in a WebView of that user agent. */
async function backend(agent: string) {
  vi.resetModules()
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(agent)
  return (await import('./tauri.ts')).tauriBackend()
}
const onAndroid = () => backend('Mozilla/5.0 (Linux; Android 12; wv) Chrome/114.0')
const onDesktop = () => backend('Mozilla/5.0 (X11; Linux x86_64) Safari/605')

const commands = (): unknown[] => invoke.mock.calls.map(([command]) => command)

beforeEach(() => invoke.mockReset())

test('a capture is handed over by its name, without a byte', async () => {
  invoke.mockResolvedValue({ id: PHOTO })
  expect(await (await onAndroid()).sendPhoto(PHOTO, new File([BYTES], CAPTURE))).toEqual({ id: PHOTO })
  expect(invoke.mock.calls).toEqual([['call', { cmd: { cmd: 'take_named', photo: PHOTO, name: CAPTURE, size: 100_000 } }]])
})

test('a capture that is not in the folder comes as text in small pieces', async () => {
  invoke.mockRejectedValueOnce({ code: 'photo_elsewhere' }).mockResolvedValueOnce(null).mockResolvedValue({ id: PHOTO })
  expect(await (await onAndroid()).sendPhoto(PHOTO, new File([BYTES], CAPTURE))).toEqual({ id: PHOTO })
  expect(commands()).toEqual(['call', 'photo_chunk', 'photo_chunk'])
  const pieces = invoke.mock.calls.slice(1).map(([, body]) => body as { base64: string })
  for (const piece of pieces) expect(piece.base64.length).toBeLessThan(100_000)
  expect(Buffer.concat(pieces.map((piece) => Buffer.from(piece.base64, 'base64')))).toEqual(Buffer.from(BYTES))
  expect(invoke.mock.calls.slice(1).map(([, , options]) => options.headers['x-last'])).toEqual(['0', '1'])
})

test('what is wrong with the picture itself is not tried a second way', async () => {
  invoke.mockRejectedValueOnce({ code: 'photo_not_picture' })
  const told = (await onAndroid()).sendPhoto(PHOTO, new File([BYTES], CAPTURE)).catch((error: { code: string }) => error.code)
  expect(await told).toBe('photo_not_picture')
  expect(commands()).toEqual(['call'])
})

test('a chosen file comes as bytes where the bridge carries them', async () => {
  invoke.mockResolvedValue({ id: PHOTO })
  await (await onDesktop()).sendPhoto(PHOTO, new File([BYTES], 'holiday.jpg'))
  expect(commands()).toEqual(['photo_chunk'])
  expect(invoke.mock.calls[0]![1]).toEqual(BYTES)
})
