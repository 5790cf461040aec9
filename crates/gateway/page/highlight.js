// From tokens to coloured spans: which class each stretch of text takes. Pure; editor.js puts them on the page.
//
// No bold or italic ever comes of a class: the spans lie under a textarea, and both must be set in the same widths.

/** Beyond this many characters the text is shown plain, so that typing stays quick. */
export const HIGHLIGHT_MAX = 60_000;

/** Spans { from, to, role, unknown } of a GraphQL document, in order, from its tokens and its walk's marks. */
export function graphqlSpans(tokens, marks) {
  const byPlace = new Map(marks.map((mark) => [mark.token.from, mark]));
  return tokens.map((token) => {
    const mark = byPlace.get(token.from);
    return { from: token.from, to: token.to, role: mark?.role ?? token.kind, unknown: mark?.unknown ?? false };
  });
}

/** Spans of a JSON text; from `error.from` on the first wrong stretch is marked. */
export function jsonSpans(tokens, error) {
  return tokens.map((token) => ({
    from: token.from,
    to: token.to,
    role: token.kind,
    unknown: error !== null && error !== undefined && token.from <= error.from && error.from < token.to,
  }));
}
