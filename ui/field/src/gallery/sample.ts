/** The backend of the gallery: the one in memory, with a visit whose items are in every state. */
import { memoryBackend, type MemoryBackend } from '../backend/memory/backend.ts'
import type { PhotoView } from '../backend/types.ts'

/** A grey stall under an awning; a picture that needs no file and no server. */
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240" viewBox="0 0 320 240">' +
  '<rect width="320" height="240" fill="%23b8c2ca"/><path fill="%236f7f8c" d="M0 170h320v70H0z"/>' +
  '<path fill="%230f4a85" d="M40 60h240l24 50H16z"/><path fill="%23f4f7f9" d="M60 120h200v60H60z"/></svg>'

const photo = (id: string, item: string, more: Partial<PhotoView> = {}): PhotoView => ({
  id, state: 'sealed', sha256: 'ab', damaged: false, problem: '', purpose: { kind: 'items', items: [item] }, at_text: '06:21', ...more,
})

/** Items of the visit, by the state they are shown in. */
export const shown = { fresh: 'CY3.1', pass: 'CY1.1', fail: 'CY1.2', na: 'CY1.4', unchecked: 'CY1.5', before: 'CY5.2', readings: 'CY2.2', second: 'CY5.6' }

/** The photos of the visit: good, damaged, not kept. */
export const photos: PhotoView[] = [
  photo('ph1', shown.fail),
  photo('ph2', shown.fail, { damaged: true }),
  photo('ph3', shown.fail, { state: 'failed', problem: '文件是空的，没有存成' }),
]

/** The inspection that every show looks at. */
export const VISIT = 'd1'

/** A backend in the middle of a visit. */
export async function sampleBackend(): Promise<MemoryBackend> {
  const backend = memoryBackend({})
  // The mark keeps what components write behind the address out of the picture.
  backend.photoUrl = () => `data:image/svg+xml,${PICTURE}#`
  await backend.call({ cmd: 'set_inspectors', ids: ['p1', 'p2'] })
  const { id } = await backend.call({ cmd: 'start_inspection', operator: 'o1' })
  await backend.call({ cmd: 'notice', inspection: id, given: true })
  const answers = [[shown.pass, 'pass'], [shown.fail, 'fail'], [shown.na, 'not_applicable'], [shown.unchecked, 'unchecked'], [shown.second, 'fail']] as const
  for (const [item, answer] of answers) {
    await backend.call({ cmd: 'answer', inspection: id, item, answer, shown_ms: 6000, answered_by: 'card' })
  }
  await backend.call({ cmd: 'finding', inspection: id, item: shown.fail, problem: '登记证没有摆在显眼处' })
  await backend.call({ cmd: 'note', inspection: id, item: shown.unchecked, text: '经营者未带公示卡' })
  backend.drafts.get(id)?.photos.push(...photos)
  return backend
}
