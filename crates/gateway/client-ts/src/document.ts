// Documents: their text, and what of it decides whether they may be sent twice.

/**
 * A document that knows the types of its result and of its variables: a `TypedDocumentString`, or a `TypedDocumentNode`
 * where the client is given `print`. The member is never there; it carries the types.
 */
export interface TypedDocument<Result, Variables> {
  __apiType?: (variables: Variables) => Result;
}

export interface Operation {
  readonly text: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Whether it does the same when it is sent again as it was: it is a query, or all it does are acts with an id. */
  readonly isRepeatable: boolean;
}

const WORD = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\])*"|#.*|\.\.\.|[$@]?\w+|[^\s,]/gu;
const CLOSED_BY = new Map([['{', '}'], ['(', ')'], ['[', ']']]);
const CLOSING = new Set(CLOSED_BY.values());

/** The text of a document; one that is a tree is printed. */
export function textOf(document: TypedDocument<unknown, never>, print?: (tree: never) => string): string {
  if (typeof document === 'string' || document instanceof String) return document.toString();
  if (print === undefined) throw new TypeError('the document is no text: give the client `print` of graphql-js');
  return print(document as never);
}

/** Reads the text of a document. */
export function operationOf(text: string): Operation {
  const operations = definitions(text).filter(([first]) => first !== 'fragment');
  const [words] = operations;
  if (words === undefined || operations.length > 1) {
    throw new TypeError(`a document has one operation, this one ${operations.length}`);
  }
  const kind = words[0] === 'mutation' || words[0] === 'subscription' ? words[0] : 'query';
  return { text, kind, isRepeatable: kind === 'query' || (kind === 'mutation' && isOfActs(words)) };
}

/** The words of each definition; a definition ends with the selection that no bracket encloses. */
function definitions(text: string): string[][] {
  const found: string[][] = [];
  let words: string[] = [];
  let depth = 0;
  for (const word of text.match(WORD) ?? []) {
    if (word.startsWith('#')) continue;
    words.push(word);
    depth += CLOSED_BY.has(word) ? 1 : CLOSING.has(word) ? -1 : 0;
    if (word === '}' && depth === 0) {
      found.push(words);
      words = [];
    }
  }
  return found;
}

/** Whether each field of the operation takes `act` or `acts`. A fragment is not looked into: it counts as one that does not. */
function isOfActs(words: readonly string[]): boolean {
  const fields: boolean[] = [];
  let open = '';
  words.forEach((word, at) => {
    if (CLOSED_BY.has(word)) open += word;
    else if (CLOSING.has(word)) open = open.slice(0, -1);
    else if (open === '{' && words[at - 1] !== ':' && /^(?:\w|\.\.\.)/u.test(word)) fields.push(word === '__typename');
    else if (open === '{(' && words[at + 1] === ':' && (word === 'act' || word === 'acts')) fields[fields.length - 1] = true;
  });
  return fields.length > 0 && fields.every(Boolean);
}
