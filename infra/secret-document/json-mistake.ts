import { printParseErrorCode, visit } from 'jsonc-parser';

/** A mistake that makes a text invalid JSON or ambiguous, as one sentence without any value. */
export interface JsonMistake {
  /** `line 3, column 5`, both counted from 1. The column counts UTF-16 units, like editors. */
  readonly place: string;
  readonly what: string;
}

/** Quotation marks of other languages and of word processors, which are not JSON's double quotation mark. */
const wrongQuotes: Readonly<Record<string, string>> = {
  "'": 'a single quotation mark: JSON knows the double one (") only',
  '`': 'a backtick: JSON knows the double quotation mark (") only',
  '\u2018': 'a typographic quotation mark: replace it with "',
  '\u2019': 'a typographic quotation mark: replace it with "',
  '\u201C': 'a typographic quotation mark: replace it with "',
  '\u201D': 'a typographic quotation mark: replace it with "',
  '\u201E': 'a typographic quotation mark: replace it with "',
  '\u00AB': 'a typographic quotation mark: replace it with "',
  '\u00BB': 'a typographic quotation mark: replace it with "',
};

/**
 * Returns the first syntax error of a JSON text and every duplicate name within an object; empty if there are none.
 * Detects bytes that are not UTF-8 by U+FFFD, which decoding puts in their place.
 */
export function jsonMistakes(text: string): readonly JsonMistake[] {
  if (text.trim() === '') return [{ place: 'line 1, column 1', what: 'the document is empty' }];
  // Must precede the check for a byte order mark: UTF-16 text that is read as UTF-8 begins with a garbled one.
  if (text.includes('\0')) {
    return [
      { place: 'line 1, column 1', what: 'the document is in UTF-16: save it as UTF-8 without a byte order mark' },
    ];
  }
  if (text.startsWith('\uFEFF')) {
    return [{ place: 'line 1, column 1', what: 'a byte order mark: save the document as UTF-8 without one' }];
  }
  const garbledAt = text.indexOf('\uFFFD');
  if (garbledAt !== -1) {
    return [{ place: placeOf(text, garbledAt), what: 'a character that is not UTF-8: save the document as UTF-8' }];
  }
  return scan(text);
}

/** Maximum number of reported duplicate names. */
const mostReported = 20;

/** Far deeper than any secret document, but not deep enough to overflow the library's stack. */
const deepest = 100;

function scan(text: string): readonly JsonMistake[] {
  const tooDeepAt = depthBeyond(text, deepest);
  if (tooDeepAt !== -1) return [{ place: placeOf(text, tooDeepAt), what: 'lists and objects nested too deeply' }];
  const doubled: JsonMistake[] = [];
  const names: Set<string>[] = [];
  let first: JsonMistake | undefined;
  const found = (offset: number, what: string): void => {
    first ??= { place: placeOf(text, offset), what };
  };
  visit(
    text,
    {
      onObjectBegin: () => void names.push(new Set()),
      onObjectEnd: () => void names.pop(),
      onObjectProperty(name, offset) {
        const known = names.at(-1);
        if (known?.has(name) === true && doubled.length < mostReported) {
          doubled.push({
            place: placeOf(text, offset),
            what: 'a name that stands in this object twice: only one counts',
          });
        }
        known?.add(name);
      },
      onError: (code, offset) => found(offset, describe(text, printParseErrorCode(code), offset)),
    },
    { disallowComments: true, allowTrailingComma: false },
  );
  if (first !== undefined) return [first];
  // jsonc-parser must not accept what JSON.parse in the functions rejects. No such text is known.
  if (doubled.length === 0 && !isJson(text)) return [{ place: 'line 1, column 1', what: 'no JSON' }];
  return doubled;
}

/** Returns the position where the nesting of brackets exceeds `most`, or -1. Counts brackets inside strings as well. */
function depthBeyond(text: string, most: number): number {
  let depth = 0;
  for (let offset = 0; offset < text.length; offset += 1) {
    const at = text[offset];
    if (at === '[' || at === '{') depth += 1;
    else if (at === ']' || at === '}') depth -= 1;
    if (depth > most) return offset;
  }
  return -1;
}

/** By the library's error codes. All other codes mean a missing value. */
const whatIsWrong: Readonly<Record<string, string>> = {
  CommaExpected: 'a comma is missing before this',
  ColonExpected: 'a colon is missing before this',
  PropertyNameExpected: 'a name in double quotation marks should be here',
  CloseBraceExpected: 'a closing bracket is missing: the document is cut short',
  CloseBracketExpected: 'a closing bracket is missing: the document is cut short',
  EndOfFileExpected: 'there is more text after the end of the document',
  UnexpectedEndOfString: 'a text without its closing quotation mark, which must stand on the same line',
  InvalidEscapeCharacter: 'a backslash that begins no escape of JSON: write it twice',
  InvalidUnicode: 'a backslash that begins no escape of JSON: write it twice',
  InvalidCharacter: 'a tab or another control character inside a text: write \\t for a tab',
  InvalidSymbol: 'a word that JSON does not know: names and texts stand in double quotation marks',
  InvalidNumberFormat: 'a number that JSON does not know',
};

function describe(text: string, errorName: string, offset: number): string {
  const at = text[offset] ?? '';
  const before = text.slice(0, offset).trimEnd().at(-1);
  if (at === '/' || at === '#') return 'a comment: JSON has none, leave it out';
  if (before === ',' && (at === '}' || at === ']')) return 'a comma too many before the closing bracket: leave it out';
  if (before === ',' && at === ',') return 'a comma too many: leave it out';
  if (at === '\u00A0') return 'a no-break space: replace it with a space';
  return (
    wrongQuotes[at] ??
    whatIsWrong[errorName] ??
    'a value should be here: a text in double quotation marks, a list, an object or null'
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
