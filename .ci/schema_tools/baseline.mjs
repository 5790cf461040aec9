// What clients were promised last, `schema/baseline.graphql`, held against the schema: a change that breaks one of them is
// an error unless the change log names its place under "Breaking" of what is not released. `--write` makes the promise anew.
// node baseline.mjs SCHEMA BASELINE CHANGELOG [--write]

import { readFileSync, writeFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema, lexicographicSortSchema, parse, print, printSchema, visit } from 'graphql';

const [schemaFile, baselineFile, changelogFile, write] = process.argv.slice(2);
const bare = (text) => print(visit(parse(text), { enter: (node) => (node.description ? { ...node, description: undefined } : undefined) }));
const now = printSchema(lexicographicSortSchema(buildSchema(bare(readFileSync(schemaFile, 'utf8')))));

if (write === '--write') {
  writeFileSync(baselineFile, `${now}\n`);
  process.exit(0);
}

const changelog = readFileSync(changelogFile, 'utf8');
const unreleased = changelog.split(/^## /mu).find((part) => part.startsWith('Unreleased')) ?? '';
const [, breaking = ''] = unreleased.split(/^### Breaking\n/mu);
const [named] = breaking.split(/^### /mu);
const changes = await diff(buildSchema(readFileSync(baselineFile, 'utf8')), buildSchema(now));
const broken = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
const untold = broken.filter(({ path }) => !named.includes(`\`${path}\``));
for (const { path, message } of untold) console.error(`${path}: ${message}`);
console.log(`${changes.length} changes since the promise, ${broken.length} break a client, ${untold.length} of them untold`);
process.exit(untold.length === 0 ? 0 : 1);
