import type { Schema } from './highlevel-catalogue-schema.ts'

const text = { type: 'string' }
const flag = { type: 'boolean' }
const count = { type: 'number' }
const SETTINGS = { $ref: '#/$defs/WidgetSettingsDTO' }

const LISTED = {
  _id: text,
  chatType: text,
  createdAt: { type: 'string', format: 'date-time' },
  creationSource: text,
  default: flag,
  name: text,
  settings: SETTINGS,
  updatedAt: { type: 'string', format: 'date-time' },
}
const LISTED_WIDGET: Schema = {
  type: 'object',
  properties: LISTED,
  required: ['_id', 'chatType', 'createdAt', 'default', 'name', 'updatedAt'],
}
const WIDGET: Schema = {
  type: 'object',
  properties: { ...LISTED, deleted: flag, locationId: text, originId: text, updatedBy: text, version: count },
  required: ['_id', 'chatType', 'createdAt', 'default', 'deleted', 'locationId', 'name', 'updatedAt', 'version'],
}

/** Answers the vendor's OpenAPI files leave open and its own SDK package (3.1.0) describes: members, their types, and which are always there. */
export const SDK_REPLIES: Readonly<Record<string, Schema>> = {
  'chat-widget.list-chat-widget': {
    type: 'object',
    properties: { chatWidgets: { type: 'array', items: LISTED_WIDGET }, totalCount: count },
    required: ['chatWidgets', 'totalCount'],
  },
  'chat-widget.get-chat-widget': WIDGET,
  'chat-widget.create-chat-widget': WIDGET,
  'chat-widget.update-chat-widget': WIDGET,
  'chat-widget.patch-chat-widget': WIDGET,
  'chat-widget.delete': WIDGET,
  'chat-widget.clone-chat-widget': WIDGET,
}
