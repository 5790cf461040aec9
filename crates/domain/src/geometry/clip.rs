//! A region cut down to a parcel's box, so that measuring what they share costs what the parcel costs.
//!
//! Each ring is cut on its own (Sutherland and Hodgman); where it leaves and enters the box, edges run along the
//! box and back, which enclose nothing. Good for measuring areas by the even-odd rule, for nothing else.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::node::{Lattice, Node};
use super::shape::Bounds;

/// Lattice units the box is widened by, so that no cut runs along the parcel itself.
const MARGIN: i64 = 16;

/// The parts of `polygons` near a box, in units of 0.000000001 degree about `origin`.
#[allow(clippy::cast_precision_loss)] // differences within a box of a parcel; far vertices only lose what is cut off
pub(super) fn clipped_to(polygons: &MultiPolygon<f64>, bounds: Bounds, origin: Node) -> MultiPolygon<f64> {
    let low = [(bounds.min[0] - MARGIN - origin.x) as f64, (bounds.min[1] - MARGIN - origin.y) as f64];
    let high = [(bounds.max[0] + MARGIN - origin.x) as f64, (bounds.max[1] + MARGIN - origin.y) as f64];
    let sides = [
        Side { axis: Axis::X, limit: low[0], keeps: Keeps::Above },
        Side { axis: Axis::X, limit: high[0], keeps: Keeps::Below },
        Side { axis: Axis::Y, limit: low[1], keeps: Keeps::Above },
        Side { axis: Axis::Y, limit: high[1], keeps: Keeps::Below },
    ];
    let local = |at: &Coord<f64>| {
        let node = Lattice::LonLat.node(*at);
        Coord { x: (node.x - origin.x) as f64, y: (node.y - origin.y) as f64 }
    };
    let ring = |line: &LineString<f64>| {
        let open: Vec<Coord<f64>> = line.0.iter().skip(1).map(local).collect();
        let cut = sides.iter().fold(open, |points, side| side.cut(&points));
        (cut.len() > 2).then(|| LineString(cut.iter().chain(cut.first()).copied().collect()))
    };
    let part = |polygon: &Polygon<f64>| {
        let shell = ring(polygon.exterior())?;
        Some(Polygon::new(shell, polygon.interiors().iter().filter_map(ring).collect()))
    };
    MultiPolygon(polygons.0.iter().filter_map(part).collect())
}

#[derive(Debug, Clone, Copy)]
enum Axis {
    X,
    Y,
}

#[derive(Debug, Clone, Copy)]
enum Keeps {
    Above,
    Below,
}

/// A side of the box.
struct Side {
    axis: Axis,
    limit: f64,
    keeps: Keeps,
}

impl Side {
    /// Cuts a ring, given without its closing point.
    fn cut(&self, ring: &[Coord<f64>]) -> Vec<Coord<f64>> {
        let mut kept = Vec::with_capacity(ring.len() + 4);
        let before = ring.iter().cycle().skip(ring.len().saturating_sub(1));
        for (&from, &to) in before.zip(ring) {
            if self.holds(from) != self.holds(to) {
                kept.push(self.crossing(from, to));
            }
            if self.holds(to) {
                kept.push(to);
            }
        }
        kept
    }

    fn measure(&self, at: Coord<f64>) -> f64 {
        match self.axis {
            Axis::X => at.x,
            Axis::Y => at.y,
        }
    }

    fn holds(&self, at: Coord<f64>) -> bool {
        match self.keeps {
            Keeps::Above => self.measure(at) >= self.limit,
            Keeps::Below => self.measure(at) <= self.limit,
        }
    }

    fn crossing(&self, from: Coord<f64>, to: Coord<f64>) -> Coord<f64> {
        let t = (self.limit - self.measure(from)) / (self.measure(to) - self.measure(from));
        match self.axis {
            Axis::X => Coord { x: self.limit, y: from.y + t * (to.y - from.y) },
            Axis::Y => Coord { x: from.x + t * (to.x - from.x), y: self.limit },
        }
    }
}
