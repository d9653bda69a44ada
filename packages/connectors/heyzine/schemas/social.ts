import { z } from 'zod'

/** The card networks show when an address is shared; at least one field (CONFIRMED). */
export const socialFields = {
  title: z.string().min(1).optional().meta({ title: 'Title' }),
  description: z.string().min(1).optional().meta({ title: 'Description', multiline: true }),
  thumbnail: z.url().optional().meta({ title: 'Address of the image' }),
}

export const hasSocialField = (input: {
  title?: string | undefined
  description?: string | undefined
  thumbnail?: string | undefined
}): boolean => input.title !== undefined || input.description !== undefined || input.thumbnail !== undefined
