import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './icon-button.tsx'

const toasts = Toast.createToastManager()

/** Says what the eye cannot see (it happened elsewhere, or the thing is gone). Never for what the screen shows anyway. */
export const say = (title: string, text?: string): void => void toasts.add({ title, ...(text === undefined ? {} : { description: text }) })

export function ToastFrame({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={toasts} timeout={6_000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 max-md:bottom-20">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList() {
  const { toasts: shown } = Toast.useToastManager()
  return shown.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="floats flex items-start gap-2 rounded-md border border-line bg-float p-3 shadow-float"
    >
      <Toast.Content className="min-w-0 flex-1">
        <Toast.Title className="text-dense font-medium" />
        <Toast.Description className="text-dense text-soft" />
      </Toast.Content>
      <Toast.Close render={<IconButton icon={X} label="Dismiss" size="sm" />} />
    </Toast.Root>
  ))
}
