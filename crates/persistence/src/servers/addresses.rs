//! Lists of addresses of servers, as operators write them.

/// The addresses of a list such as `postgres://one/yulin,postgres://two/yulin`. A comma within an address stays there.
pub fn addresses(list: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for piece in list.split(',') {
        match found.last_mut() {
            Some(last) if !begins_address(piece) => *last = format!("{last},{piece}"),
            Some(_) | None => found.push(piece.to_owned()),
        }
    }
    found
}

fn begins_address(piece: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| piece.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn a_list_is_cut_where_an_address_begins() {
        let [one, two] = ["postgres://u:a,b@one/yulin", "postgresql://two/yulin?options=a,b"];
        assert_eq!(addresses(&format!("{one},{two}")), [one, two]);
        assert_eq!(addresses("sqlite://a,b.sqlite"), ["sqlite://a,b.sqlite"]);
    }
}
