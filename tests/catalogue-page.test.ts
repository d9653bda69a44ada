import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { highlevel } from '@couplet/connectors'
import { describe, expect, test } from 'vitest'
import { cataloguePage, catalogueReport } from '@couplet/server'

const report = catalogueReport()

describe('the catalogue in numbers', () => {
  test('offers at least 700 actions and triggers, all typed, all simulated, all with a known effect', () => {
    const { operations, typed, simulated, effectKnown } = report.total
    expect(operations).toBeGreaterThanOrEqual(700)
    expect({ typed, simulated, effectKnown }).toEqual({ typed: operations, simulated: operations, effectKnown: operations })
  })
  test('says of how many answers the members are only deduced, and deduces none that the vendor describes', () => {
    const { deduced } = report.total
    expect(deduced).toBeLessThan(140)
    expect(deduced).toBe((highlevel.lazy?.words() ?? []).filter(({ isOutputDeduced }) => isOutputDeduced).length)
  })
  test('is what the page of the documentation says; else run scripts/catalogue-page.ts', () => {
    expect(readFileSync(join(import.meta.dirname, '..', 'docs', 'catalogue.md'), 'utf8')).toBe(cataloguePage(report))
  })
})
