// The types of the whole schema, which the package carries as `@yulin/client/schema`.

import type { CodegenConfig } from '@graphql-codegen/cli';
import { config } from './src/codegen.js';

const codegen: CodegenConfig = {
  schema: 'schema.graphql',
  generates: { 'src/generated/schema.ts': { plugins: ['typescript'], config } },
};

export default codegen;
