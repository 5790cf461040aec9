//! The canonical form of a request: what "the same content" means when an act is sent twice.

use serde::Serialize;
use serde_json::Value;

/// The request as JSON bytes with names in order, without nulls and empty lists.
///
/// Fails only where a value has no JSON form, which no act has.
pub fn canonical_bytes(request: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::with_capacity(512);
    write(&serde_json::to_value(request)?, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match value {
        Value::Object(members) => {
            // Sorted here: whether serde_json's map is ordered depends on features of other crates.
            let mut present: Vec<_> = members.iter().filter(|(_, value)| !is_absent(value)).collect();
            present.sort_by_key(|(name, _)| *name);
            out.push(b'{');
            for (place, (name, value)) in present.into_iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                serde_json::to_writer(&mut *out, name)?;
                out.push(b':');
                write(value, out)?;
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => serde_json::to_writer(out, value)?,
    }
    Ok(())
}

fn is_absent(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}
