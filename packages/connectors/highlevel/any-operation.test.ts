import { describe, expect, test } from 'vitest'
import { permittedRow, requestOf } from './any-operation.ts'

const LOC = 'loc1'
const fields = (more: object = {}) => ({ operation: 'x', pathParams: {}, query: {}, ...more })

describe('the request of any operation', () => {
  test('puts the sub-account where the operation wants it, whatever the person writes', () => {
    expect(requestOf(permittedRow('get-tags-location-id', 'read'), fields({ pathParams: { locationId: 'other' } }), LOC).path).toBe(
      '/social-media-posting/loc1/tags',
    )
    expect(requestOf(permittedRow('v3:get-statistics', 'read'), fields({ query: { locationId: 'other' } }), LOC).query).toEqual({
      locationId: LOC,
    })
    expect(
      requestOf(permittedRow('upsert-contact', 'write'), fields({ body: { email: 'a@example.org', locationId: 'other' } }), LOC).body,
    ).toEqual({ email: 'a@example.org', locationId: LOC })
    expect(requestOf(permittedRow('fetch-media-content', 'read'), fields(), LOC).query).toEqual({ altType: 'location', altId: LOC })
  })
  test('carries the version of the operation', () => {
    expect(requestOf(permittedRow('get-account', 'read'), fields(), LOC).headers).toEqual({ Version: '2021-07-28' })
    expect(requestOf(permittedRow('v3:fetchQueues', 'read'), fields(), LOC).headers).toEqual({ Version: 'v3' })
  })
  test('keeps a value in its place of the path', () => {
    expect(requestOf(permittedRow('get-post', 'read'), fields({ pathParams: { id: '../../users' } }), LOC).path).toBe(
      '/social-media-posting/loc1/posts/..%2F..%2Fusers',
    )
    expect(() => requestOf(permittedRow('get-post', 'read'), fields({ pathParams: { id: '..' } }), LOC)).toThrow('not filled in')
    expect(() => requestOf(permittedRow('get-post', 'read'), fields(), LOC)).toThrow('not filled in')
  })
  test('wants an object where the sub-account goes into the body', () => {
    expect(() => requestOf(permittedRow('upsert-contact', 'write'), fields({ body: [1] }), LOC)).toThrow('object')
  })
})

describe('what a generic action may perform', () => {
  test('is a read for the reading one, also when it is a call by POST', () => {
    expect(permittedRow('get-posts', 'read').method).toBe('POST')
    expect(() => permittedRow('create-post', 'read')).toThrow('changes something')
  })
  test('is a write for the writing one', () => {
    expect(() => permittedRow('get-posts', 'write')).toThrow('only reads')
  })
  test('is nothing that needs a browser or a file, is gone, or is unknown', () => {
    for (const id of ['start-facebook-oauth', 'upload-csv', 'get-twitter-profile', 'no-such']) {
      expect(() => permittedRow(id, 'read')).toThrow()
      expect(() => permittedRow(id, 'write')).toThrow()
    }
  })
})
