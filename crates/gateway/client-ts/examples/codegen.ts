// examples/codegen.ts: makes the types of the documents that stand in your sources.

import type { CodegenConfig } from '@graphql-codegen/cli';
import { config, schema } from '@yulin/client/codegen';

const codegen: CodegenConfig = {
  schema,
  documents: ['examples/*.ts', 'tests/**/*.ts'],
  generates: {
    'generated/': { preset: 'client', config, presetConfig: { fragmentMasking: false } },
  },
};

export default codegen;
