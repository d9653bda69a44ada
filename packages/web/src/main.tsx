import './styles/app.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { router } from './router.tsx'
import { problemOf } from './server/problem.ts'
import { ToastFrame } from './ui/toast.tsx'

/** A session that has ended shows the sign-in in place of the app. */
const onError = (error: unknown): void => {
  if (problemOf(error).code === 'request.signed_out') void queries.invalidateQueries({ queryKey: ['account'] })
}
const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays a refusal; only an unreachable or overloaded server is asked again.
      retry: (failures, error) => failures < 2 && [undefined, 429, 502, 503].includes(problemOf(error).status),
    },
  },
})

const root = document.querySelector('#root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queries}>
          <Tooltip.Provider delay={350}>
            <ToastFrame>
              <RouterProvider router={router} />
            </ToastFrame>
          </Tooltip.Provider>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  )
