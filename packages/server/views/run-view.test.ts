import { newId } from '@couplet/core'
import { createRegistry } from '@couplet/connector-sdk'
import type { RunDetail } from '@couplet/store'
import { expect, test } from 'vitest'
import { runDetail } from './run-view.ts'

const run: RunDetail = {
  id: newId('run'),
  flowId: newId('flow'),
  flowName: 'Orders',
  version: 1,
  environment: 'live',
  connectionId: null,
  state: 'waiting',
  wait: null,
  fault: null,
  summary: null,
  createdAt: 1,
  startedAt: 1,
  finishedAt: null,
  wakeAt: null,
  replayOf: null,
  triggerId: null,
  key: null,
  fact: {},
  isCancelRequested: false,
  segments: [],
  replayFrom: null,
}

test('a run can be cancelled until it has ended, also when that was asked for before', () => {
  const canBe = (more: Partial<RunDetail>) =>
    runDetail({ engine: { registry: createRegistry([]) } as never }, { ...run, ...more }, undefined).can
  expect(canBe({ isCancelRequested: false })).toContain('cancel')
  expect(canBe({ isCancelRequested: true })).toContain('cancel')
  expect(canBe({ isCancelRequested: true, state: 'cancelled' })).not.toContain('cancel')
})
