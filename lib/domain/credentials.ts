/**
 * Who a legacy request says it comes from, already reduced to digits: the main number (a leading 1 of eleven digits
 * dropped) and the extension, `''` for the main line. `undefined` means that the program sent nothing.
 */
export interface Credentials {
  readonly username: string | undefined;
  readonly extension: string;
  readonly password: string | undefined;
}
