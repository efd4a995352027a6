declare module "*.css" {
  /** The style sheet, minified. */
  const css: string;
  export default css;
}
declare module "*.woff2" {
  /** The font, base64. */
  const font: string;
  export default font;
}
