import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  documents: ['documents/*.graphql'],
  generates: {
    'generated/': {
      config: {
        defaultScalarType: 'unknown',
        scalars: { Date: 'string', DateTime: 'string', Decimal: 'string', Seq: 'string' },
        strictScalars: false,
        useTypeImports: true,
      },
      preset: 'client',
      presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } },
    },
  },
  schema: 'yulin.graphql',
};

export default config;
