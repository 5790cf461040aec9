//! The page about acts is what the code says of them: written anew with `YULIN_WRITE_SCHEMA=1`.

use std::path::PathBuf;

use yulin_domain::codes::{Labelled, Lang, Role};
use yulin_domain::journal::{ActKind, may_perform};
use yulin_gateway::codes::Choice;
use yulin_gateway::schema::schema_sdl;

const HEAD: &str = "# Acts

Written from the code: who may perform an act from `crates/domain/src/journal/authority.rs`, labels from the lists
that the API shows, mutations from the schema. Each line is a kind of act: its name in the journal, in filters and in
refusals, with its label; the mutation that performs it, where there is one; and in which roles. In another role it is
refused `FORBIDDEN`, in one that is not or no longer granted `ROLE_NOT_GRANTED`. Of a bundle, of what is scheduled and
of what is proposed every leg is asked for by itself. Where *the registry* stands, it alone does it, when it falls due.
By `RESCIND_ACT` an APPROVER voids only what somebody beside ADMIN may perform, and no rescission; `CANCEL_SCHEDULE` is
for the author of what waits, and for officers who may perform all of it.

Who may perform an act may not perform it everywhere:

- An ENTERPRISE disposes of its own accounts alone, gives up what it set aside itself or what is pledged to it
  (`FORBIDDEN`, `PLEDGED`), and hands over to whom it trusts, or what another approved (`COUNTERPARTY_NOT_TRUSTED`).
- A VENUE deals on accounts and factors that are opened to it and on the holds that it placed
  (`VENUE_NOT_AUTHORISED`), and compares no books but its own (`FORBIDDEN`).
- Caps, periods and carrying over of a factor are for the roles that bring it into the books; its accounts and their
  venues for these, ZONE_OFFICER and TRADE_OPERATOR. What moves from where to where, by whose hand, is
  [movements](movements.md).
- What one proposed or requested is approved or confirmed by another (`FOUR_EYES`).
- A narrowed key performs what lies within its districts and factors ([operating](operate.md#narrowed-keys)).

";

/// Who performs what nobody else may.
const REGISTRY: &str = "*the registry*";

fn page() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/acts.md")
}

/// The fields of the schema's root of mutations, as it is written.
fn mutations() -> String {
    let sdl = schema_sdl();
    let (_, root) = sdl.split_once("\ntype Mutation {").expect("the schema has mutations");
    root.split_once("\n}").expect("a type ends").0.to_owned()
}

/// The mutation that performs an act: none of what the registry does by itself.
fn mutation(kind: ActKind, mutations: &str) -> Option<String> {
    let mut words = kind.name().split('_').map(str::to_lowercase);
    let first = words.next().expect("an act has a name");
    let name = words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..]);
    let name = if kind == ActKind::Bundle { "performBundle".to_owned() } else { name };
    mutations.contains(&format!("\n\t{name}(")).then_some(name)
}

/// The roles beside the registry itself that may perform an act.
fn performers(kind: ActKind) -> String {
    let may = Role::all().iter().filter(|role| **role != Role::System && may_perform(**role, kind));
    let roles: Vec<_> = may.map(|role| role.code()).collect();
    if roles.is_empty() { REGISTRY.to_owned() } else { roles.join(" ") }
}

/// A role with the acts that it may perform.
fn line_of(role: Role) -> String {
    let may = ActKind::ALL.iter().filter(|kind| may_perform(role, **kind));
    let acts: Vec<_> = may.map(|kind| kind.name()).collect();
    format!("| {} | {} ({}) | {} |\n", role.code(), role.label(Lang::En), role.label(Lang::Zh), acts.join(" "))
}

fn written() -> String {
    let mutations = mutations();
    let mut page = HEAD.to_owned() + "| act | mutation | by |\n|---|---|---|\n";
    for (kind, name, told) in ActKind::members() {
        let label = told.split_once('(').expect("a label in Chinese stands behind").1.trim_end_matches(')');
        let field = mutation(kind, &mutations).unwrap_or_default();
        page += &format!("| {name} ({label}) | {field} | {} |\n", performers(kind));
    }
    page += "\nThe same by role. ADMIN may perform all but what is the registry's.\n\n";
    page += "| role | who | acts |\n|---|---|---|\n";
    let listed = Role::all().iter().filter(|role| !matches!(role, Role::Admin | Role::System));
    listed.fold(page, |page, role| page + &line_of(*role))
}

#[test]
fn the_page_about_acts_is_what_the_code_says() {
    if std::env::var_os("YULIN_WRITE_SCHEMA").is_some() {
        std::fs::write(page(), written()).expect("the page is written");
    }
    assert_eq!(std::fs::read_to_string(page()).expect("the page is checked in"), written());
}

#[test]
fn what_has_no_mutation_is_the_registrys() {
    let mutations = mutations();
    for kind in ActKind::ALL {
        assert_eq!(mutation(*kind, &mutations).is_none(), performers(*kind) == REGISTRY, "{kind}");
    }
}
