// A small schema as introspection would tell it, for the tests of the editor's rules.

import { Schema } from "../schema.js";

const named = (name, kind = "OBJECT") => ({ kind, name, ofType: null });
const required = (ref) => ({ kind: "NON_NULL", name: null, ofType: ref });
const list = (ref) => ({ kind: "LIST", name: null, ofType: ref });
const input = (name, type, defaultValue = null) => ({ name, type, defaultValue, description: `${name} told` });
const field = (name, type, args = []) => ({ name, type, args, description: `${name} told` });

const STATUS = named("StockStatus", "ENUM");
const GEOJSON = named("GeoJSON", "SCALAR");

export const schema = new Schema({
  queryType: { name: "Query" },
  mutationType: null,
  subscriptionType: null,
  directives: [{ name: "include", locations: ["FIELD"], args: [input("if", required(named("Boolean", "SCALAR")))] }],
  types: [
    {
      kind: "OBJECT",
      name: "Query",
      fields: [
        field("stockLand", required(named("ParcelConnection")), [input("filter", named("StockFilter", "INPUT_OBJECT")), input("first", named("Int", "SCALAR"), "50")]),
        field("node", named("Node", "INTERFACE"), [input("id", required(named("ID", "SCALAR")))]),
      ],
    },
    { kind: "OBJECT", name: "ParcelConnection", fields: [field("totalCount", named("Int", "SCALAR")), field("nodes", required(list(required(named("Parcel")))))] },
    { kind: "OBJECT", name: "Parcel", interfaces: [{ name: "Node" }], fields: [field("id", required(named("ID", "SCALAR"))), field("code", named("String", "SCALAR")), field("stockStatus", STATUS)] },
    { kind: "OBJECT", name: "Party", interfaces: [{ name: "Node" }], fields: [field("name", named("String", "SCALAR"))] },
    { kind: "INTERFACE", name: "Node", fields: [field("id", required(named("ID", "SCALAR")))], possibleTypes: [{ name: "Parcel" }, { name: "Party" }] },
    { kind: "INPUT_OBJECT", name: "StockFilter", inputFields: [input("statuses", list(required(STATUS))), input("area", GEOJSON), input("and", list(named("StockFilter", "INPUT_OBJECT")))] },
    { kind: "ENUM", name: "StockStatus", description: "How a parcel stands.", enumValues: [{ name: "IDLE" }, { name: "INEFFICIENT" }, { name: "IN_USE" }] },
    { kind: "SCALAR", name: "GeoJSON" },
    { kind: "SCALAR", name: "Boolean" },
    { kind: "SCALAR", name: "Int" },
    { kind: "SCALAR", name: "ID" },
    { kind: "SCALAR", name: "String" },
  ],
});
