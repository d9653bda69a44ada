declare module 'swagger2openapi' {
  type Options = { patch?: boolean; warnOnly?: boolean; resolve?: boolean }
  const converter: {
    convertObj(document: Record<string, unknown>, options: Options): Promise<{ openapi: Record<string, unknown> }>
  }
  export default converter
}
