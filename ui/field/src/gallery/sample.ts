/** The backend of the gallery: the one in memory, with pictures drawn here. */
import { memoryBackend, type MemoryBackend } from '../backend/memory/backend.ts'

/** A grey stall under an awning; a picture that needs no file and no server. */
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240" viewBox="0 0 320 240">' +
  '<rect width="320" height="240" fill="%23b8c2ca"/><path fill="%236f7f8c" d="M0 170h320v70H0z"/>' +
  '<path fill="%230f4a85" d="M40 60h240l24 50H16z"/><path fill="%23f4f7f9" d="M60 120h200v60H60z"/></svg>'

/** A backend with nobody's data. */
export async function sampleBackend(): Promise<MemoryBackend> {
  const backend = memoryBackend()
  // The mark keeps what components write behind the address out of the picture.
  backend.photoUrl = () => `data:image/svg+xml,${PICTURE}#`
  return backend
}
