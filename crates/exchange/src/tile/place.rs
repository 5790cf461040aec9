//! Where a tile lies: squares of spherical Mercator, halved with each zoom, counted from the north-west.

use std::f64::consts::PI;

use geo_types::Coord;

/// Units along an edge of a tile.
pub const EXTENT: i32 = 4096;
/// The deepest zoom: a unit is 3 cm there, finer than what land is surveyed to.
pub const ZOOM_MAX: u8 = 18;
/// Units beyond the edge that a tile holds, so that outlines do not end where tiles meet.
pub(super) const MARGIN: i32 = 64;

/// A tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TilePlace {
    zoom: u8,
    column: u32,
    row: u32,
}

impl TilePlace {
    /// The tile of a zoom, column from the west, row from the north; none where there is no such tile.
    pub fn new(zoom: u8, column: u32, row: u32) -> Option<Self> {
        let is_there = zoom <= ZOOM_MAX && column < 1 << zoom && row < 1 << zoom;
        is_there.then_some(Self { zoom, column, row })
    }

    /// How often the world was halved.
    pub const fn zoom(&self) -> u8 {
        self.zoom
    }

    /// `[west, south, east, north]` in degrees, the margin included.
    pub fn bounds(&self) -> [f64; 4] {
        let margin = f64::from(MARGIN) / f64::from(EXTENT);
        let (column, row) = (f64::from(self.column), f64::from(self.row));
        let (west, east) = (self.longitude(column - margin), self.longitude(column + 1.0 + margin));
        let (north, south) = (self.latitude(row - margin), self.latitude(row + 1.0 + margin));
        [west, south, east, north]
    }

    /// How many degrees of longitude a unit is.
    pub fn unit(&self) -> f64 {
        360.0 / self.tiles() / f64::from(EXTENT)
    }

    fn tiles(&self) -> f64 {
        f64::from(1_u32 << self.zoom)
    }

    fn longitude(&self, column: f64) -> f64 {
        column / self.tiles() * 360.0 - 180.0
    }

    fn latitude(&self, row: f64) -> f64 {
        (PI * (1.0 - 2.0 * row / self.tiles())).sinh().atan().to_degrees()
    }

    /// Longitude and latitude in units of the tile, right and down from its north-west.
    pub(super) fn in_tile(&self, at: Coord<f64>) -> Coord<f64> {
        let latitude = at.y.to_radians();
        let right = (at.x + 180.0) / 360.0 * self.tiles() - f64::from(self.column);
        let down = (1.0 - latitude.tan().asinh() / PI) / 2.0 * self.tiles() - f64::from(self.row);
        Coord { x: right * f64::from(EXTENT), y: down * f64::from(EXTENT) }
    }
}
