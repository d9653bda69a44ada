import { canonicalJson } from '@couplet/core'
import { applyEdit, type Edit, findStep, type FlowDefinition } from '@couplet/flow'

/** Members changed from `before` to `mine`, on top of `theirs`; what is not changed stays as they have it. */
function mergeMembers<Thing extends object>(before: Thing, mine: Thing, theirs: Thing): Thing {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(theirs))
  for (const key of new Set([...Object.keys(before), ...Object.keys(mine)])) {
    const [old, next]: unknown[] = [Reflect.get(before, key), Reflect.get(mine, key)]
    if (canonicalJson(old) === canonicalJson(next)) continue
    if (next === undefined) delete merged[key]
    else merged[key] = next
  }
  // Every member comes from one of three things of the same type.
  return merged as Thing
}

/**
 * One's own edits put on top of somebody else's draft. Edits that set a whole step or trigger are narrowed to the members they
 * changed, so that the other person's work on the same step stays. Throws a user fault when an edit does not fit there any more.
 */
export function rebaseEdits(
  base: FlowDefinition,
  mine: readonly Edit[],
  theirs: FlowDefinition,
): { definition: FlowDefinition; edits: Edit[] } {
  let own = base
  let merged = theirs
  const edits: Edit[] = []
  for (const edit of mine) {
    const narrowed = narrow(edit, own, merged)
    own = applyEdit(own, edit).definition
    merged = applyEdit(merged, narrowed).definition
    edits.push(narrowed)
  }
  return { definition: merged, edits }
}

function narrow(edit: Edit, own: FlowDefinition, theirs: FlowDefinition): Edit {
  if (edit.kind === 'set-trigger') return { ...edit, trigger: mergeMembers(own.trigger, edit.trigger, theirs.trigger) }
  if (edit.kind !== 'replace-step') return edit
  const [before, now] = [findStep(own, edit.stepId)?.step, findStep(theirs, edit.stepId)?.step]
  return before && now && before.kind === edit.step.kind && now.kind === edit.step.kind
    ? { ...edit, step: mergeMembers(before, edit.step, now) }
    : edit
}
