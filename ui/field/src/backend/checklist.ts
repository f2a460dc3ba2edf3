/** A checklist as the core hands it out. */
import type { OperatorKind, Severity } from './types.ts'

export interface Section {
  key: string
  label: string
}

/** A number the card asks for. */
export interface ReadingField {
  key: string
  label: string
  unit: string
}

export interface Item {
  code: string
  section: string
  text: string
  severity: Severity
  evidence: { kind: string; note?: string }[]
  readings: ReadingField[]
  licences: string[]
  basis: { law: string; article: string; tag: string }[]
  basis_text?: string
  phrases: string[]
}

export interface Checklist {
  id: string
  version: number
  name: string
  operator_kind: OperatorKind
  sections: Section[]
  items: Item[]
}
