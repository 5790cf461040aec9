// The editor's rules: completion, the meaning of words, even lines, typing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../complete.js";
import { graphqlSpans } from "../highlight.js";
import { prettify } from "../prettify.js";
import { bracketPair, graphqlTokens } from "../tokens.js";
import { backspace, breakLine, indent, outdent, toggleComment, typeCharacter } from "../typing.js";
import { Walk } from "../walk.js";
import { schema } from "./fixture.mjs";

/** What is offered where `|` stands. */
function offered(marked) {
  const caret = marked.indexOf("|");
  const found = complete(marked.replace("|", ""), caret, schema);
  return found ? found.items.map((item) => item.label) : [];
}

const unknownWords = (text) => new Walk(graphqlTokens(text), schema).marks.filter((mark) => mark.unknown).map((mark) => mark.token.text);

test("fields of the root are offered in an empty selection", () => {
  assert.deepEqual(offered("{ | }").slice(0, 2), ["stockLand", "node"]);
});

test("a word half written narrows what is offered, beginnings first", () => {
  assert.deepEqual(offered("{ stockLand { nodes { co| } } }"), ["code"]);
  assert.deepEqual(offered("{ stockLand { nodes { o| } } }"), ["code", "stockStatus"]);
});

test("the schema's own fields are offered at the root alone and last", () => {
  assert.deepEqual(offered("{ stockLand { nodes { __| } } }"), ["__typename"]);
  assert.deepEqual(offered("{ __| }"), ["__typename", "__schema", "__type"]);
});

test("an argument already given is not offered again", () => {
  assert.deepEqual(offered("{ stockLand(first: 3, |) { totalCount } }"), ["filter"]);
});

test("enum values are offered inside a list of an input object, at any depth", () => {
  assert.deepEqual(offered("{ stockLand(filter: { statuses: [IDLE, IN|] }) { totalCount } }"), ["INEFFICIENT", "IN_USE"]);
  assert.deepEqual(offered("{ stockLand(filter: { and: [{ statuses: [ID|] }] }) { totalCount } }"), ["IDLE"]);
});

test("variables of the operation are offered where a value stands, the fitting type first", () => {
  assert.deepEqual(offered("query Q($n: Int, $area: GeoJSON!) { stockLand(filter: { area: $| }) { totalCount } }"), ["$area", "$n"]);
});

test("a fragment may be on the interface's types, and named fragments are offered", () => {
  assert.deepEqual(offered("{ node(id: 1) { ... on P| } }"), ["Parcel", "Party"]);
  assert.deepEqual(offered("{ node(id: 1) { ...| } } fragment Short on Parcel { id }"), ["Short", "on"]);
});

test("inside a fragment on a type the fields of that type are offered", () => {
  assert.deepEqual(offered("{ node(id: 1) { ... on Party { n| } } }"), ["name", "__typename"]);
});

test("directives and their arguments are offered", () => {
  assert.deepEqual(offered("{ node(id: 1) @inc| { id } }"), ["@include"]);
  assert.deepEqual(offered("{ node(id: 1) @include(|) { id } }"), ["if"]);
});

test("types of input are offered for a variable, objects are not", () => {
  assert.deepEqual(offered("query Q($f: Stock|) { node(id: 1) { id } }"), ["StockFilter", "StockStatus"]);
});

test("nothing is offered inside a comment or a string", () => {
  assert.deepEqual(offered("{ # st|\n }"), []);
  assert.deepEqual(offered('{ node(id: "st|") { id } }'), []);
});

test("words that the schema lacks are marked, others are not", () => {
  assert.deepEqual(unknownWords("query Q($a: Nope) { stockLand(filtr: 1) { totalCount nodes { cod } } }"), ["Nope", "filtr", "cod"]);
  assert.deepEqual(unknownWords("{ a: stockLand(filter: { statuses: IDLE }) { nodes { ...F __typename } } } fragment F on Parcel { id }"), []);
});

test("an operation ends where its last brace stands, whatever follows", () => {
  const text = "query A { node(id: 1) { id } }\nfragment F on Parcel { id }\nquery B($x: [Int!]! = [1]) { node(id: 2) { id } }";
  const { operations } = new Walk(graphqlTokens(text), schema);
  assert.deepEqual(operations.map(({ name, from, to }) => [name, text.slice(from, to).split("{").length]), [["A", 3], ["B", 3]]);
  assert.deepEqual(operations[1].variables.map(({ name, type, hasDefault }) => [name, type, hasDefault]), [["x", "[Int!]!", true]]);
});

test("a document cut off anywhere is still read", () => {
  const text = 'query Q($a: [GeoJSON!]! = [{x: 1}]) @include(if: true) { a: stockLand(filter: { statuses: [IDLE] }) { ...F ... on Parcel { id } } }';
  for (let end = 0; end <= text.length; end++) {
    const tokens = graphqlTokens(text.slice(0, end));
    assert.equal(graphqlSpans(tokens, new Walk(tokens, schema).marks).length, tokens.length);
    complete(text, end, schema);
  }
});

test("closing brackets too many do not confuse what follows", () => {
  assert.deepEqual(offered(") } ] { stockLand { to| } }"), ["totalCount"]);
});

test("a document is set a field a line, and long arguments one a line", () => {
  assert.equal(prettify("query Q($a:Int=1){a:stockLand(first:$a){totalCount nodes{code}}}"), "query Q($a: Int = 1) {\n  a: stockLand(first: $a) {\n    totalCount\n    nodes {\n      code\n    }\n  }\n}\n");
  const long = prettify(`{ stockLand(filter: { statuses: [IDLE, INEFFICIENT, IN_USE], text: "${"x".repeat(60)}" }, first: 5) { totalCount } }`);
  assert.match(long, /^\{\n {2}stockLand\(\n {4}filter: \{\n {6}statuses: \[IDLE, INEFFICIENT, IN_USE\]\n/);
});

test("setting a document twice changes nothing more, and comments stay", () => {
  const once = prettify('# head\n{ a # one\n # two\n b(x: """\nblock\n""", # three\n y: {}) @skip(if: true) { ...F } } # end\nfragment F on T { id }');
  assert.equal(prettify(once), once);
  for (const comment of ["# head", "a # one", "\n  # two", "# three", "} # end"]) assert.ok(once.includes(comment), comment);
});

test("an unfinished document is left alone", () => {
  for (const text of ["{", "query {a", "{ a(", "{ a } }", '{ a(x: "', "{ a: }", "{ (a: 1) }"]) assert.equal(prettify(text), null, text);
});

test("brackets find their partner, and a crossing pair finds none", () => {
  const pair = bracketPair(graphqlTokens("{ a(x: [1]) }"), 8);
  assert.deepEqual(pair.map((token) => token.from), [7, 9]);
  assert.equal(bracketPair(graphqlTokens("{ ( } )"), 0), null);
});

/** The text after an edit at `|`, or between two of them, the caret marked. */
function edited(marked, change) {
  const from = marked.indexOf("|");
  const text = marked.replaceAll("|", "");
  const second = marked.lastIndexOf("|");
  const edit = change(text, from, second > from ? second - 1 : from);
  if (!edit) return null;
  const after = text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
  return `${after.slice(0, edit.caret)}|${after.slice(edit.caret)}`;
}

test("an opening bracket brings its partner, which is typed over and taken back with it", () => {
  assert.equal(edited("a|", (...at) => typeCharacter(...at, "{")), "a{|}");
  assert.equal(edited("a{|}", (...at) => typeCharacter(...at, "}")), "a{}|");
  assert.equal(edited("a{|}", backspace), "a|");
  assert.equal(edited("a|b|c", (...at) => typeCharacter(...at, "(")), "a(|b)c");
});

test("a bracket before a word and a quote after one come alone", () => {
  assert.equal(edited("|word", (...at) => typeCharacter(...at, "(")), null);
  assert.equal(edited("word|", (...at) => typeCharacter(...at, '"')), null);
});

test("a new line keeps the indent and opens a pair", () => {
  assert.equal(edited("  a {|}", breakLine), "  a {\n    |\n  }");
  assert.equal(edited("  a|", breakLine), "  a\n  |");
});

test("lines move in and out together, and become comments together", () => {
  assert.equal(edited("|a\n\nb|", indent), "|  a\n\n  b");
  assert.equal(edited("|  a\n b|", outdent), "|a\nb");
  assert.equal(edited("|a\n  b|", toggleComment), "|# a\n  # b");
  assert.equal(edited("|# a\n  # b|", toggleComment), "|a\n  b");
});
