export function SandboxScreen() {
  return null
}
