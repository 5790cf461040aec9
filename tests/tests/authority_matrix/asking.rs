//! Who is asked what: questions are put together by where they enter the schema, and everybody is asked each.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};
use yulin_tests::{Gateway, Told, Whole};

use crate::compared::{Compared, Tally};
use crate::edges::{Edge, Path};
use crate::question::{Asked, all_arguments, rows, text};
use crate::viewers::Viewer;

/// Questions that are tried for one that meets rows of both sides.
const TRIED_MAX: usize = 16;
/// Rows from which a question is taken to meet enough.
const ROWS_ENOUGH: usize = 4;
/// Edges that are asked for at once, where they are entered by the same field.
const TOGETHER: usize = 8;

/// A path and the arguments of its fields.
type Way = (Path, Vec<String>);

/// Whom and what the matrix asks.
pub struct Asking<'a> {
    pub gateway: &'a Gateway,
    pub schema: &'a Told,
    pub whole: &'a Whole,
    pub viewers: &'a [Viewer],
    /// The administrator, who reads everything.
    pub admin: &'a Viewer,
    /// By whose answers the ways are chosen: the administrator's first, then those of an enterprise and of a venue.
    pub chosen_by: [&'a Viewer; 3],
    pub paths: BTreeMap<String, Vec<Path>>,
}

impl Asking<'_> {
    /// Asks everybody for what lies behind fields; those of which nobody can be told anything, for there is no row.
    pub async fn edges(&self, edges: Vec<Edge>, tally: &mut Tally) -> Vec<Edge> {
        let (mut without_rows, mut together) = (Vec::new(), BTreeMap::<String, (Edge, Vec<String>)>::new());
        for edge in edges {
            let ways = self.ways(&edge).await;
            if ways.is_empty() {
                without_rows.push(edge);
            }
            for (path, arguments) in ways {
                let entrance = format!("{}{}", path[0].field, arguments[0]);
                let known = together.entry(entrance).or_insert_with(|| (path[0].clone(), Vec::new()));
                known.1.push(text(self.schema, &path, &arguments));
            }
        }
        for (entrance, texts) in together.into_values() {
            for texts in texts.chunks(TOGETHER) {
                let asked = Asked { key: entrance.field.clone(), entrance: entrance.clone() };
                self.everybody(&[asked], &format!("{{ {} }}", texts.join(" ")), tally).await;
            }
        }
        without_rows
    }

    /// Every node of a kind by its own id.
    pub async fn node(&self, edge: &Edge, tally: &mut Tally) {
        let (mut asked, mut texts) = (Vec::new(), Vec::new());
        for arguments in all_arguments(self.whole, std::slice::from_ref(edge)) {
            let key = format!("n{}", asked.len());
            texts.push(format!("{key}: {}", text(self.schema, std::slice::from_ref(edge), &arguments)));
            asked.push(Asked { key, entrance: edge.clone() });
        }
        assert!(!asked.is_empty(), "no node of the type {}", edge.to);
        self.everybody(&asked, &format!("{{ {} }}", texts.join(" ")), tally).await;
    }

    async fn everybody(&self, asked: &[Asked], question: &str, tally: &mut Tally) {
        let admin = self.gateway.asked(self.admin.key.as_deref(), question, &json!({})).await;
        assert!(admin["errors"].is_null(), "{question}: {admin}");
        let answers = self.viewers.iter().map(|viewer| async move {
            let key = viewer.key.as_deref();
            (viewer, self.gateway.asked(key, question, &json!({})).await)
        });
        for (viewer, answer) in join_all(answers).await {
            Compared::answer((viewer, tally), (asked, question), &admin, &answer);
        }
    }

    /// The ways to an edge by which the administrator is told of most rows; and where an enterprise or a venue is told of
    /// none by it, by which they are.
    async fn ways(&self, edge: &Edge) -> Vec<Way> {
        let all = self.all_ways(edge);
        let mut ways: Vec<Way> = Vec::new();
        for viewer in self.chosen_by {
            let known = match ways.first() {
                Some(way) => self.met(viewer, way).await,
                None => 0,
            };
            if known > 0 {
                continue;
            }
            let mut best = (0, None);
            for way in all.iter().take(TRIED_MAX) {
                let met = self.met(viewer, way).await;
                if met > best.0 {
                    best = (met, Some(way.clone()));
                }
                if met >= ROWS_ENOUGH {
                    break;
                }
            }
            ways.extend(best.1);
        }
        ways
    }

    /// How many rows somebody is told of by a way.
    async fn met(&self, viewer: &Viewer, (path, arguments): &Way) -> usize {
        let question = format!("{{ {} }}", text(self.schema, path, arguments));
        let answer: Value = self.gateway.asked(viewer.key.as_deref(), &question, &json!({})).await;
        rows(&answer["data"], path)
    }

    fn all_ways(&self, edge: &Edge) -> Vec<Way> {
        let whole = |path: &Path| [&path[..], std::slice::from_ref(edge)].concat();
        let paths: Vec<Path> = match edge.parent.as_str() {
            "Query" => vec![vec![edge.clone()]],
            parent => self.paths.get(parent).into_iter().flatten().map(whole).collect(),
        };
        let ways = paths.into_iter().flat_map(|path| {
            let arguments = all_arguments(self.whole, &path).into_iter();
            arguments.map(|arguments| (path.clone(), arguments)).collect::<Vec<_>>()
        });
        ways.collect()
    }
}
