// What graphql-codegen is told, here and in projects that use the client: where the schema is, and what its scalars are.

import { fileURLToPath } from 'node:url';

/** The schema of this version of the client. */
export const schema = fileURLToPath(new URL('../schema.graphql', import.meta.url));

/** Amounts, areas, shares and entries are text: a number of JavaScript would round them. */
const TEXT = 'string';

export const config = {
  defaultScalarType: 'unknown',
  // Documents are texts: nothing of graphql-js is needed where they are sent.
  documentMode: 'string',
  emitLegacyCommonJSImports: false,
  enumsAsTypes: true,
  scalars: {
    Date: TEXT,
    DateTime: TEXT,
    Decimal: TEXT,
    GeoJSON: '@yulin/client#Geometry',
    ID: TEXT,
    Seq: TEXT,
  },
  strictScalars: false,
  useTypeImports: true,
} as const;
