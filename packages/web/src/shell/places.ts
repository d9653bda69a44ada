import {
  Activity,
  BookOpenText,
  Cable,
  ChartLine,
  FlaskConical,
  House,
  ListTodo,
  Logs,
  type LucideIcon,
  Settings,
  TableProperties,
  Workflow,
} from 'lucide-react'

export type Place = {
  to: '/' | '/flows' | '/runs' | '/log' | '/dashboards' | '/catalogue' | '/connections' | '/tables' | '/tasks' | '/sandbox' | '/settings'
  title: string
  icon: LucideIcon
  key: string
  isOnPhoneBar: boolean
}

/** Where the app can be: the rail, the bar on phones, the palette and the g-keys all read this. */
export const PLACES: readonly Place[] = [
  { to: '/', title: 'Home', icon: House, key: 'h', isOnPhoneBar: true },
  { to: '/flows', title: 'Flows', icon: Workflow, key: 'f', isOnPhoneBar: true },
  { to: '/runs', title: 'Runs', icon: Activity, key: 'r', isOnPhoneBar: true },
  { to: '/log', title: 'Log', icon: Logs, key: 'l', isOnPhoneBar: false },
  { to: '/dashboards', title: 'Dashboards', icon: ChartLine, key: 'd', isOnPhoneBar: false },
  { to: '/catalogue', title: 'Catalogue', icon: BookOpenText, key: 'o', isOnPhoneBar: false },
  { to: '/connections', title: 'Connections', icon: Cable, key: 'c', isOnPhoneBar: true },
  { to: '/tables', title: 'Tables', icon: TableProperties, key: 't', isOnPhoneBar: false },
  { to: '/tasks', title: 'Tasks', icon: ListTodo, key: 'k', isOnPhoneBar: false },
  { to: '/sandbox', title: 'Sandbox', icon: FlaskConical, key: 'x', isOnPhoneBar: false },
  { to: '/settings', title: 'Settings', icon: Settings, key: 's', isOnPhoneBar: false },
]
