/** From the camera button to a photo in the record: expected on the disk first, then the camera, then taken over. */
import { ref, type Ref } from 'vue'
import { asCoded } from '@xunji/shared/errors.ts'
import { backend } from '../backend/backend.ts'
import type { PhotoPurpose, PhotoView } from '../backend/types.ts'
import { inLine } from '../parts/commit.ts'
import { hush, orSay, say } from '../parts/said.ts'

/** Errors of which the bytes are to blame. */
const ABOUT_BYTES = ['photo_empty', 'photo_not_picture', 'photo_too_large']

/** Errors after which the system's camera opens: nothing was taken, and nothing is wrong with the photo's row. */
const NOT_OPENED = ['camera_elsewhere', 'camera_denied', 'no_answer']

/** What the file input opens once the app's own camera has not: the system's, or pictures that were taken already. */
type System = 'camera' | 'gallery'

/** Known after the first try, for all buttons: a phone without the app's own camera is not asked again. */
const own = ref(true)
const system = ref<System>('camera')

function failedPhoto(id: string, purpose: PhotoPurpose, problem: string): PhotoView {
  return { id, state: 'failed', sha256: null, damaged: false, problem, purpose, at_text: '' }
}

/** One camera button. `prepare` tries the app's own camera; else `picked` is called with what the system's brought. */
export function useCapture(
  owner: () => string,
  purpose: () => PhotoPurpose,
  taken: (photo: PhotoView) => void,
): { busy: Ref<boolean>; system: Ref<System>; prepare: () => Promise<boolean>; picked: (files: FileList | null) => Promise<void>; dropped: () => void } {
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

  /** Writes the expected row and tries the app's own camera. Answers whether the system's has to open. */
  async function prepare(): Promise<boolean> {
    busy.value = true
    const photo = await expect()
    const open = photo !== null && !(await tookItself(photo))
    busy.value = false
    return open
  }

  /** Whether the app's own camera was open; what came of it is dealt with. */
  async function tookItself(photo: string): Promise<boolean> {
    if (!own.value) return false
    try {
      const view = await backend().takePhoto(photo)
      if (view) kept(view)
      else dropped()
    } catch (error) {
      const { code } = asCoded(error)
      if (!NOT_OPENED.includes(code)) {
        refused(photo, error)
        return true
      }
      own.value = false
      if (code === 'camera_denied') {
        // Without leave the system's camera is closed to the app as well. Android does not ask a third time.
        system.value = 'gallery'
        say(error)
      }
      return false
    }
    return true
  }

  function kept(view: PhotoView): void {
    expected = null
    hush()
    taken(view)
  }

  function refused(photo: string, error: unknown): void {
    say(error)
    const { code, sentence } = asCoded(error)
    if (!ABOUT_BYTES.includes(code)) return
    // The same bytes would fail again: the error stays on that photo, the record goes on.
    expected = null
    taken(failedPhoto(photo, purpose(), sentence ?? ''))
  }

  async function picked(files: FileList | null): Promise<void> {
    const file = files?.[0]
    if (!file) return
    busy.value = true
    const photo = expected ?? (await expect())
    if (photo) {
      try {
        kept(await backend().sendPhoto(photo, file, system.value === 'gallery'))
      } catch (error) {
        refused(photo, error)
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

  return { busy, system, prepare, picked, dropped }
}
