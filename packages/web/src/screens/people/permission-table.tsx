import { isPermission, PERMISSIONS, type Role, ROLES, ROLES_ALLOWED } from '@couplet/api'
import { Check } from 'lucide-react'

const roles = Object.keys(ROLES).filter((name): name is Role => name in ROLES)

/** Who may do what, as the server asks it. */
export function PermissionTable() {
  return (
    <div className="scroll-slim relative -mx-1 overflow-x-auto px-1" tabIndex={0} role="region" aria-label="What each role may do">
      <table className="w-full min-w-[40rem] border-collapse text-dense">
        <thead>
          <tr className="border-b border-line-strong text-caption text-soft">
            <th scope="col" className="py-2 pr-3 text-left font-medium">
              May
            </th>
            {roles.map((role) => (
              <th key={role} scope="col" className="w-20 px-2 py-2 text-center font-medium capitalize">
                {role}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Object.entries(PERMISSIONS).map(([name, words]) => (
            <tr key={name} className="border-b border-line">
              <th scope="row" className="py-1.5 pr-3 text-left font-normal">
                {words} <code className="ml-1 text-caption text-faint max-md:hidden">{name}</code>
              </th>
              {roles.map((role) => (
                <td key={role} className="px-2 text-center">
                  {isPermission(name) && ROLES_ALLOWED[name].includes(role) ? (
                    <>
                      <Check aria-hidden className="inline size-4 text-done" />
                      <span className="sr-only">yes</span>
                    </>
                  ) : (
                    <span className="text-faint">
                      <span aria-hidden>–</span>
                      <span className="sr-only">no</span>
                    </span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
