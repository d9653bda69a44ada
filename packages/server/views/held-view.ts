import type { HeldWriteView } from '@couplet/api'
import type { HeldWrite } from '@couplet/engine'

/** A held write for screens: what only the engine compares stays inside. */
export function heldView(write: HeldWrite): HeldWriteView {
  if (write.kind === 'own') return write
  const { fingerprint: _own, ...shown } = write
  return shown
}
