import graphql from '@graphql-eslint/eslint-plugin';

/** Values without an identity of their own: they are read with what they belong to. */
const VALUES = [
  'Area Balance BalanceAfter BankLine Block CalendarDay Cap Change Closed CodeItem CodeList ConditionMet Contract Controls',
  'DeadLetter Difference DisplayUnit Entry Erasure ErrorCodeEntry Event EventBatch Explanation ExternalRef Facet Facets',
  'Feasibility FootprintSource HoldDifference Holder IdleClock LandUse Limit LineDifference LineName Messages Movement',
  'MovementRule PageInfo ParcelAreas Planning PlanningRange Price PurposeTotal Quantity Receipt Sale Share Statement Stock',
  'Tenure Totals TradeRule Trusted UnitRange UseShare Viewer WebhookWithSecret WorkingHours',
].flatMap((line) => line.split(' '));
const { rules: recommended } = graphql.configs['flat/schema-recommended'];
const { rules: relay } = graphql.configs['flat/schema-relay'];

export default [
  {
    files: ['yulin.graphql'],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: 'yulin.graphql' } } },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...recommended,
      ...relay,
      '@graphql-eslint/strict-id-in-types': [
        'error',
        { exceptions: { types: VALUES, suffixes: ['Connection', 'Done', 'Edge', 'Preview', 'Refused'] } },
      ],
      // Pages are read forwards.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      // Lists that are short by nature are lists; `nodes` saves those who need no cursor the edges.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: true, withEdgeSuffix: true }],
    },
  },
];
