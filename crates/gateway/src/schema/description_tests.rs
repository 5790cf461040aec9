//! The schema tells everything: the usual introspection passes the limits, and nothing is left undescribed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};
use yulin_domain::codes::Role;

use super::test_registry::TestRegistry;

/// The question that client tools ask, with as many levels of type as they ask for.
fn introspection() -> String {
    let of_type = (0..9).fold("kind name".to_owned(), |inner, _| format!("kind name ofType {{ {inner} }}"));
    let input = format!("name description type {{ {of_type} }} defaultValue");
    format!(
        "query IntrospectionQuery {{ __schema {{ queryType {{ name }} mutationType {{ name }} types {{
            kind name description
            fields(includeDeprecated: true) {{ name description args {{ {input} }} type {{ {of_type} }} isDeprecated }}
            inputFields {{ {input} }} interfaces {{ {of_type} }}
            enumValues(includeDeprecated: true) {{ name description }} possibleTypes {{ {of_type} }}
        }} directives {{ name description locations args {{ {input} }} }} }} }}"
    )
}

fn undescribed(of: &Value, path: &str, found: &mut Vec<String>) {
    if of["description"].as_str().is_none_or(str::is_empty) {
        found.push(path.to_owned());
    }
    for members in ["fields", "inputFields", "enumValues", "args"] {
        for member in of[members].as_array().into_iter().flatten() {
            undescribed(member, &format!("{path}.{}", member["name"].as_str().unwrap()), found);
        }
    }
}

#[tokio::test]
async fn the_usual_introspection_passes_the_limits_and_everything_is_described() {
    let told = TestRegistry::new().await.told(Role::Public, &introspection(), json!({})).await;
    let types = told["__schema"]["types"].as_array().unwrap();
    assert!(types.len() > 60);
    let mut found = Vec::new();
    // `ID` is of GraphQL itself.
    let own = |one: &&Value| one["name"].as_str().is_some_and(|name| name != "ID" && !name.starts_with("__"));
    for one in types.iter().filter(own) {
        undescribed(one, one["name"].as_str().unwrap(), &mut found);
    }
    assert!(found.is_empty(), "without a description: {found:?}");
}

#[tokio::test]
async fn what_a_question_needs_and_what_an_answer_leaves_out_is_said() {
    let query = "{ near: __type(name: \"NearInput\") { description } facets: __type(name: \"Facets\") { fields { description } } }";
    let told = TestRegistry::new().await.told(Role::Public, query, json!({})).await;
    assert!(told["near"]["description"].as_str().unwrap().contains("`filter.district` is needed"), "{told}");
    let groups = told["facets"]["fields"].as_array().unwrap();
    assert!(groups.iter().all(|group| group["description"].as_str().unwrap().contains("stand in no group")), "{told}");
}
