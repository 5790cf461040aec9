//! Who is asked what: questions are put together by where they enter the schema, and everybody is asked each.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};
use yulin_tests::paths::{Edge, Path, edges_of, is_of_asker};
use yulin_tests::question::{all_arguments, rows, text};
use yulin_tests::{Gateway, Told, Whole};

use crate::compared::{Asked, Compared, Tally};
use crate::viewers::Viewer;

/// Questions that are tried for one that meets rows: for the administrator, an enterprise and a venue.
const TRIED_MAX: [usize; 3] = [16, 6, 6];
/// Rows from which a question is taken to meet enough.
const ROWS_ENOUGH: usize = 4;
/// Edges that are asked for at once, where they are entered by the same field.
const TOGETHER: usize = 8;

/// A path and the arguments of its fields.
type Way = (Path, Vec<String>);

/// Whether an edge is a node asked for alone, which is asked for by every id.
pub fn is_node(edge: &Edge) -> bool {
    (edge.parent.as_str(), edge.field.as_str()) == ("Query", "node")
}

/// Whom and what the matrix asks.
pub struct Asking<'a> {
    pub gateway: &'a Gateway,
    pub schema: &'a Told,
    pub whole: &'a Whole,
    pub viewers: &'a [Viewer],
    /// Those by narrowed keys, of whose answers it is asked what stands in none of them.
    pub narrowed: &'a [Viewer],
    /// The administrator, who reads everything.
    pub admin: &'a Viewer,
    /// By whose answers the ways are chosen: the administrator's first, then those of an enterprise and of a venue.
    pub chosen_by: [&'a Viewer; 3],
    pub paths: BTreeMap<String, Vec<Path>>,
}

impl Asking<'_> {
    /// Asks everybody for what lies behind every field of types; those of which nobody can be told anything, for there is no row.
    pub async fn edges(&self, parents: &[String], tally: &mut Tally) -> Vec<Edge> {
        let (mut without_rows, mut together) = (Vec::new(), BTreeMap::<String, (Edge, Vec<String>)>::new());
        for parent in parents {
            let known = self.ways(parent).await;
            for edge in edges_of(self.schema, parent).into_iter().filter(|edge| !is_node(edge) && !is_of_asker(edge)) {
                let ways = self.ways_to(&edge, &known).await;
                for (path, arguments) in &ways {
                    let entrance = format!("{}{}", path[0].field, arguments[0]);
                    let known = together.entry(entrance).or_insert_with(|| (path[0].clone(), Vec::new()));
                    known.1.push(text(self.schema, path, arguments));
                }
                if ways.is_empty() {
                    without_rows.push(edge);
                }
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

    /// Asks everybody, and holds each answer against that to the administrator.
    pub async fn everybody(&self, asked: &[Asked], question: &str, tally: &mut Tally) {
        let admin = self.gateway.asked(self.admin.key.as_deref(), question, &json!({})).await;
        assert!(admin["errors"].is_null(), "{question}: {admin}");
        for (viewer, answer) in self.answers(question, |_| json!({})).await {
            Compared::answer((viewer, tally), (asked, question), &admin, &answer);
        }
        for viewer in self.narrowed {
            let answer = self.gateway.asked(viewer.key.as_deref(), question, &json!({})).await;
            Compared::beyond((viewer, tally), question, &answer);
        }
    }

    /// What everybody is answered, all at once.
    pub async fn answers(&self, question: &str, variables: impl Fn(&Viewer) -> Value) -> Vec<(&Viewer, Value)> {
        let answers = self.viewers.iter().map(|viewer| {
            let variables = variables(viewer);
            async move { (viewer, self.gateway.asked(viewer.key.as_deref(), question, &variables).await) }
        });
        join_all(answers).await
    }

    /// The ways to the edges of a type: by which the administrator is told of most rows of it, and where an enterprise or a
    /// venue is told of none by those, by which they are.
    async fn ways(&self, parent: &str) -> Vec<Way> {
        let mut ways: Vec<Way> = Vec::new();
        for (viewer, most) in self.chosen_by.iter().zip(TRIED_MAX) {
            let mut best = (0, None);
            for way in &ways {
                best.0 = best.0.max(self.met(viewer, way).await);
            }
            if best.0 > 0 {
                continue;
            }
            for way in self.all_ways(parent).into_iter().take(most) {
                let met = self.met(viewer, &way).await;
                if met > best.0 {
                    best = (met, Some(way));
                }
                if met >= ROWS_ENOUGH {
                    break;
                }
            }
            ways.extend(best.1);
        }
        ways
    }

    /// The ways to one edge, given those to its type: by which anybody is told of a row; any way, where none of those does.
    async fn ways_to(&self, edge: &Edge, known: &[Way]) -> Vec<Way> {
        let mut ways = Vec::new();
        for (path, arguments) in known {
            ways.extend(self.lengthened(path, arguments, edge));
        }
        for way in &ways {
            if self.met(self.admin, way).await > 0 {
                return ways;
            }
        }
        let all = self
            .all_ways(&edge.parent)
            .into_iter()
            .flat_map(|(path, arguments)| self.lengthened(&path, &arguments, edge));
        for way in all.take(TRIED_MAX[0]) {
            if self.met(self.admin, &way).await > 0 {
                return vec![way];
            }
        }
        Vec::new()
    }

    fn lengthened(&self, path: &Path, arguments: &[String], edge: &Edge) -> Vec<Way> {
        // Of the fields of a type one choice is enough; several would stand in each other's way within one question.
        let most = if path.is_empty() { usize::MAX } else { 1 };
        let last = all_arguments(self.whole, std::slice::from_ref(edge)).into_iter().take(most);
        last.map(|one| ([&path[..], std::slice::from_ref(edge)].concat(), [arguments, &one[..]].concat())).collect()
    }

    /// How many rows somebody is told of by a way.
    async fn met(&self, viewer: &Viewer, (path, arguments): &Way) -> usize {
        let question = format!("{{ {} }}", text(self.schema, path, arguments));
        let answer: Value = self.gateway.asked(viewer.key.as_deref(), &question, &json!({})).await;
        rows(&answer["data"], path)
    }

    /// Every way to a type; to the root there is one, of no fields.
    fn all_ways(&self, name: &str) -> Vec<Way> {
        if name == "Query" {
            return vec![(vec![], vec![])];
        }
        let paths = self.paths.get(name).into_iter().flatten();
        let with = |path: &Path| all_arguments(self.whole, path).into_iter().map(|one| (path.clone(), one)).collect();
        paths.flat_map(|path| -> Vec<Way> { with(path) }).collect()
    }
}
