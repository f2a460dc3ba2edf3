/** 待归位 in memory: found photos, put away, brought back and placed. */
import type { PhotoPurpose, PhotoView } from '../types.ts'

/** The tray and its three ways out. */
export interface MemoryTray {
  list: () => PhotoView[]
  drop: (photo: string) => void
  restore: (photo: string) => PhotoView | undefined
  /** The photo as it is placed; nothing when it does not lie here. */
  place: (photo: string, purpose: PhotoPurpose, inspection: string | undefined) => PhotoView | undefined
}

export function memoryTray(count: number): MemoryTray {
  let lying: PhotoView[] = Array.from({ length: count }, (_, at) => ({
    id: `found${at + 1}`, state: 'sealed', sha256: null, damaged: false, problem: '', purpose: { kind: 'items', items: [] }, at_text: `07:1${at}`,
  }))
  const away: PhotoView[] = []
  const take = (photo: string): PhotoView | undefined => {
    const found = lying.find((each) => each.id === photo)
    lying = lying.filter((each) => each !== found)
    return found
  }
  return {
    list: () => lying,
    drop(photo) {
      const found = take(photo)
      if (found) away.push(found)
    },
    restore(photo) {
      const back = away.find((each) => each.id === photo)
      if (back) lying = [...lying, back]
      return back
    },
    place(photo, purpose, inspection) {
      if (!lying.some((each) => each.id === photo)) return undefined
      if (!inspection) throw { code: 'needs_inspection' }
      const found = take(photo)
      return found && { ...found, purpose }
    },
  }
}
