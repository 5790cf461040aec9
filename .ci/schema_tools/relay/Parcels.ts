import { graphql } from 'relay-runtime';

// A list that is paged through, and one object of it that is fetched again by its id.
export const list = graphql`
  fragment Parcels_query on Query
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" })
  @refetchable(queryName: "ParcelsPageQuery") {
    parcels(first: $first, after: $after) @connection(key: "Parcels_parcels") {
      totalCount
      edges {
        node {
          id
          ...Parcels_parcel
        }
      }
    }
  }
`;

export const one = graphql`
  fragment Parcels_parcel on Parcel @refetchable(queryName: "ParcelAgainQuery") {
    code
    holders {
      party {
        name
      }
    }
  }
`;

export const query = graphql`
  query ParcelsQuery {
    ...Parcels_query
  }
`;
