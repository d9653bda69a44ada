import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { path } from './http.ts'

describe('path', () => {
  test('puts values into their places', () => {
    expect(path`/posts/${'a1'}/items/${7}`).toBe('/posts/a1/items/7')
    expect(path`/posts`).toBe('/posts')
  })

  test('keeps every value in its place, whatever it is', () => {
    assert(
      property(string({ unit: 'grapheme' }), (value) => {
        const made = path`/posts/${value}/end`
        expect(made.split('/')).toHaveLength(4)
        expect(made).not.toMatch(/[?#]/)
        expect(decodeURIComponent(made.slice('/posts/'.length, -'/end'.length))).toBe(value)
      }),
    )
  })
})
