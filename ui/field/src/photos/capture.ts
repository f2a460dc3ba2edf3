/** From the camera button to a photo in the record: expected on the disk first, then the camera, then taken over. */
import { ref, type Ref } from 'vue'
import { asCoded } from '@xunji/shared/errors.ts'
import { backend } from '../backend/backend.ts'
import type { PhotoPurpose, PhotoView } from '../backend/types.ts'
import { inLine } from '../parts/commit.ts'
import { hush, orSay, say } from '../parts/said.ts'

/** Errors of which the bytes are to blame. */
const ABOUT_BYTES = ['photo_empty', 'photo_not_picture', 'photo_too_large']

function failedPhoto(id: string, purpose: PhotoPurpose, problem: string): PhotoView {
  return { id, state: 'failed', sha256: null, damaged: false, problem, purpose, at_text: '' }
}

/** One camera button. `open` shows the system's camera; `picked` is called with what came back. */
export function useCapture(
  owner: () => string,
  purpose: () => PhotoPurpose,
  taken: (photo: PhotoView) => void,
): { busy: Ref<boolean>; prepare: () => Promise<boolean>; picked: (files: FileList | null) => Promise<void>; dropped: () => void } {
  const busy = ref(false)
  /** The row that waits for the camera. A second tap uses it again, so that no row is left behind. */
  let expected: string | null = null
  let expectedFor = ''

  async function expect(): Promise<string | null> {
    const wanted = JSON.stringify(purpose())
    if (expected && expectedFor === wanted) return expected
    // The key now stands for another item: what was expected for the one before is given up.
    dropped()
    const made = await orSay(
      inLine(owner(), () => backend().call({ cmd: 'expect_photo', inspection: owner(), purpose: purpose() })),
    )
    expected = made?.photo ?? null
    expectedFor = wanted
    return expected
  }

  /** Writes the expected row. Answers whether the camera may open. */
  async function prepare(): Promise<boolean> {
    busy.value = true
    const photo = await expect()
    busy.value = false
    return photo !== null
  }

  async function picked(files: FileList | null): Promise<void> {
    const file = files?.[0]
    if (!file) return
    busy.value = true
    const photo = expected ?? (await expect())
    if (photo) {
      try {
        const view = await backend().sendPhoto(photo, file)
        expected = null
        hush()
        taken(view)
      } catch (error) {
        say(error)
        const { code, sentence } = asCoded(error)
        if (ABOUT_BYTES.includes(code)) {
          // The same bytes would fail again: the error stays on that photo, the record goes on.
          expected = null
          taken(failedPhoto(photo, purpose(), sentence ?? ''))
        }
      }
    }
    busy.value = false
  }

  /** The camera was closed without a picture. */
  function dropped(): void {
    const photo = expected
    expected = null
    if (photo) void orSay(inLine(owner(), () => backend().call({ cmd: 'cancel_photo', photo })))
  }

  return { busy, prepare, picked, dropped }
}
