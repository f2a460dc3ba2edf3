/** What the page of carried files does besides showing. */
import type { CarriedVolume } from '../backend/types.ts'

/** Volumes of one bundle one after the other, 2 before 10. */
export function inOrder<T extends { name: string }>(files: T[]): T[] {
  return [...files].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

/** The name of the file that goes back to the phone. */
export function receiptsName(volume: CarriedVolume): string {
  return volume.file.replace(/(\.xjb)?$/, '.xjr')
}

/** Saves the receipts as a file. */
export function keep(volume: CarriedVolume): void {
  const url = URL.createObjectURL(new Blob([volume.receipts ?? ''], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = receiptsName(volume)
  link.click()
  URL.revokeObjectURL(url)
}
