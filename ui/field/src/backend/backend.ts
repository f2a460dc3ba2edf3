/** The one way out of the face: commands to the device core, photo bytes, and the news that something changed. */
import type { Answers, Command } from './commands.ts'

/** Which picture of a photo. */
export type Rendition = 'thumbnail' | 'large'

/** What the pages know of the world outside. */
export interface Backend {
  /** Runs a command of the device core. Rejects with a coded error; then nothing was written. */
  call<C extends Command>(command: C): Promise<Answers[C['cmd']]>
  /** Where the picture of a photo is found. The bytes are decrypted by the core. */
  photoUrl(photo: string, rendition: Rendition): string
  /**
   * Takes an expected photo with the app's own camera; null when it was closed without a picture. Rejects with
   * `camera_elsewhere` where there is none, with `camera_denied` where the person gave no leave.
   */
  takePhoto(photo: string): Promise<Answers['take_over'] | null>
  /** Hands a file of the camera, or one that was there before, to the core for a photo that was expected; answers the photo. */
  sendPhoto(photo: string, file: Blob, imported?: boolean): Promise<Answers['take_over']>
  /** Calls back whenever the core changed something by itself. Answers how to stop. */
  onChanged(listener: () => void): () => void
}

let current: Backend | null = null

/** Sets the backend; once, before the app is mounted. */
export function setBackend(backend: Backend): void {
  current = backend
}

/** The backend. */
export function backend(): Backend {
  if (!current) throw new Error('the backend is set in main.ts')
  return current
}
