// The registry's schema as introspection tells it, indexed for look-ups.
//
// Fetching goes through the caller's `ask`; nothing here draws. Introspection is asked in two forms because older
// schemas refuse `isOneOf` and deprecated arguments; `ofType` is nested five deep so that the question stays within
// the registry's own depth limit.

const TYPE_REF = "kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name}}}}}";

/** The introspection question: `rich` asks what newer schemas can tell besides. */
function introspectionQuery(form) {
  const rich = form === "rich";
  const deprecated = rich ? "(includeDeprecated:true)" : "";
  const more = rich ? "isDeprecated deprecationReason" : "";
  const value = `name description type{${TYPE_REF}} defaultValue`;
  return `query YulinReference{__schema{
    queryType{name} mutationType{name} subscriptionType{name}
    types{kind name description ${rich ? "specifiedByURL isOneOf" : ""}
      fields(includeDeprecated:true){name description isDeprecated deprecationReason
        args${deprecated}{${value} ${more}} type{${TYPE_REF}}}
      inputFields${deprecated}{${value} ${more}}
      interfaces{name} possibleTypes{name}
      enumValues(includeDeprecated:true){name description isDeprecated deprecationReason}}
    directives{name description locations args{${value}}}}}`;
}

/** Asks for the schema; `ask(query)` answers a GraphQL response body. Throws the last answer's errors. */
export async function fetchSchema(ask) {
  let errors = [];
  for (const form of ["rich", "plain"]) {
    const body = await ask(introspectionQuery(form));
    if (body?.data?.__schema) return new Schema(body.data.__schema);
    errors = body?.errors ?? [];
  }
  throw new SchemaRefused(errors);
}

/** The registry did not tell its schema; `errors` are those it gave. */
export class SchemaRefused extends Error {
  constructor(errors) {
    super(errors[0]?.message ?? "no schema");
    this.errors = errors;
  }
}

const META_TYPENAME = { name: "__typename", description: "The name of the object's type.", args: [], type: nonNull("String") };
const META_ROOT = [
  { name: "__schema", description: "The schema itself.", args: [], type: nonNull("__Schema") },
  {
    name: "__type",
    description: "A type of the schema by its name.",
    args: [{ name: "name", description: "", type: nonNull("String"), defaultValue: null }],
    type: { kind: "OBJECT", name: "__Type", ofType: null },
  },
];

function nonNull(name) {
  return { kind: "NON_NULL", name: null, ofType: { kind: "NAMED", name, ofType: null } };
}

/** The schema: types by name, fields by type and name, and who uses a type. */
export class Schema {
  constructor(raw) {
    this.types = new Map(raw.types.map((type) => [type.name, type]));
    this.directives = new Map(raw.directives.map((directive) => [directive.name, directive]));
    this.roots = {
      query: raw.queryType?.name,
      mutation: raw.mutationType?.name,
      subscription: raw.subscriptionType?.name,
    };
  }

  type(name) {
    return this.types.get(name);
  }

  rootType(operation) {
    return this.roots[operation];
  }

  directive(name) {
    return this.directives.get(name);
  }

  /** Fields that may be selected on a type, with the meta fields that every document may use. */
  fields(typeName) {
    const type = this.types.get(typeName);
    if (!type) return [];
    const own = type.fields ?? [];
    const root = typeName === this.roots.query ? META_ROOT : [];
    const composite = ["OBJECT", "INTERFACE", "UNION"].includes(type.kind);
    return composite ? [...own, META_TYPENAME, ...root] : [];
  }

  field(typeName, fieldName) {
    return this.fields(typeName).find((field) => field.name === fieldName);
  }

  /** Names of the types that a fragment on `typeName` may be on. */
  conditions(typeName) {
    const type = this.types.get(typeName);
    if (!type) return [];
    const possible = (type.possibleTypes ?? []).map((each) => each.name);
    const interfaces = (type.interfaces ?? []).map((each) => each.name);
    return [...new Set([...possible, ...interfaces, typeName])];
  }

  /** Where a type is used: as the type of fields, arguments and input fields. */
  usersOf(typeName) {
    const users = [];
    for (const type of this.types.values()) {
      if (type.name.startsWith("__")) continue;
      for (const field of type.fields ?? []) {
        const viaArgument = field.args.some((argument) => namedType(argument.type) === typeName);
        if (viaArgument || namedType(field.type) === typeName) users.push({ type: type.name, field: field.name });
      }
      for (const field of type.inputFields ?? []) {
        if (namedType(field.type) === typeName) users.push({ type: type.name, field: field.name });
      }
    }
    return users;
  }

  /** Types a reader looks up: all but the introspection's own, in the order of the alphabet. */
  listed() {
    const own = [...this.types.values()].filter((type) => !type.name.startsWith("__"));
    return own.sort((a, b) => a.name.localeCompare(b.name, "en"));
  }
}

/** Stands in while no schema is known: the editor then colours by grammar alone. */
export const NO_SCHEMA = {
  type: () => undefined,
  rootType: () => undefined,
  directive: () => undefined,
  fields: () => [],
  field: () => undefined,
  conditions: () => [],
  directives: new Map(),
  types: new Map(),
};

/** The name at the heart of a type reference: `Parcel` of `[Parcel!]!`. */
export function namedType(ref) {
  let inner = ref;
  while (inner?.ofType) inner = inner.ofType;
  return inner?.name ?? undefined;
}

/** What stands in a list of this type; a type that is no list stands for itself (GraphQL coerces one to a list). */
export function itemType(ref) {
  const bare = ref?.kind === "NON_NULL" ? ref.ofType : ref;
  return bare?.kind === "LIST" ? bare.ofType : bare;
}

/** A type reference as GraphQL writes it. */
export function typeText(ref) {
  if (!ref) return "";
  if (ref.kind === "NON_NULL") return `${typeText(ref.ofType)}!`;
  if (ref.kind === "LIST") return `[${typeText(ref.ofType)}]`;
  return ref.name ?? "";
}

/** True of an argument or input field that has to be given. */
export function isRequired(input) {
  return input.type.kind === "NON_NULL" && input.defaultValue == null;
}

/** One line: a field with its arguments and type, `parcel(id: ID!): Parcel`. */
export function signature(field) {
  const args = (field.args ?? []).map((argument) => `${argument.name}: ${typeText(argument.type)}`);
  return `${field.name}${args.length ? `(${args.join(", ")})` : ""}: ${typeText(field.type)}`;
}
