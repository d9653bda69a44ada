import { describe, expect, test } from 'vitest'
import { findTerms, GLOSSARY, isTermId, TERM_IDS } from './glossary.ts'

describe('the glossary', () => {
  test('leads from no word to one that is not there, nor to itself', () => {
    for (const id of TERM_IDS)
      for (const other of GLOSSARY[id].see ?? []) expect([id, other, isTermId(other) && other !== id]).toEqual([id, other, true])
  })

  test('says every word in a whole sentence that fits beside it', () => {
    for (const id of TERM_IDS) {
      expect([id, GLOSSARY[id].short]).toEqual([id, expect.stringMatching(/^[A-Z].*\.$/)])
      expect([id, GLOSSARY[id].short.length < 190]).toEqual([id, true])
    }
  })

  test('has every word of the brief', () => {
    const wanted = [
      'API',
      'endpoint',
      'webhook',
      'authentication',
      'OAuth',
      'REST',
      'scope',
      'tag',
      'field mapping',
      'rate limit',
      'retry',
      'backoff',
      'sandbox',
      'trigger',
      'action',
      'schema',
    ]
    expect(wanted.filter((word) => GLOSSARY[findTerms(word)[0] ?? 'api'].term.toLowerCase() !== word.toLowerCase())).toEqual([])
  })

  test('has every word that is binding in Couplet', () => {
    const binding =
      'connector connection location operation action trigger flow version step pill formula fact delivery cursor run attempt effect fault quota parked incident sandbox live template catalogue'
    expect(binding.split(' ').filter((word) => !isTermId(word))).toEqual([])
  })

  test('finds a word by how others spell it', () => {
    expect(findTerms('zap')[0]).toBe('flow')
    expect(findTerms('sub-account')[0]).toBe('location')
    expect(findTerms('429')).toContain('rate-limit')
    expect(findTerms('no such word at all')).toEqual([])
  })
})
